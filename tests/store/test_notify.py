import os
import socket

import pytest

from store import notify


@pytest.fixture(params=["a path", "an abstract name"])
def systemd(tmp_path, request):
    """systemd's end of the socket, and its name as $NOTIFY_SOCKET has it."""
    name = str(tmp_path / "notify") if request.param == "a path" else f"@captionwatch-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
        end.bind("\0" + name[1:] if name[0] == "@" else name)
        end.settimeout(10)
        yield end, name


def test_systemd_is_told_in_one_datagram(systemd):
    end, name = systemd
    notify.tell(notify.READY, "STATUS=watching", environment={"NOTIFY_SOCKET": name})
    assert end.recv(100) == b"READY=1\nSTATUS=watching"


@pytest.mark.parametrize("name", ["", "/nowhere/at/all", "vsock:1:2"])
def test_where_nobody_listens_nothing_happens(name):
    notify.tell(notify.READY, environment={"NOTIFY_SOCKET": name})
    notify.tell(notify.READY, environment={})


@pytest.mark.parametrize(
    ("environment", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_waits_as_long_as_systemd_says(environment, seconds):
    assert notify.watchdog_seconds(environment) == seconds
