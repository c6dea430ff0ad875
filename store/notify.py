"""Tell systemd how the service is: sd_notify(3), a datagram to the socket that $NOTIFY_SOCKET names.

Both processes do. Without systemd nothing is told. It is written here since the whole protocol is one datagram, and
what there is for it needs systemd's headers, or is no longer kept.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Mapping

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"


def tell(*assignments: str, environment: Mapping[str, str] = os.environ) -> None:
    """Send assignments, such as READY, to systemd. Where it does not listen, nothing happens."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto("\n".join(assignments).encode(), "\0" + address[1:] if address[0] == "@" else address)


def watchdog_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """How long systemd waits for the next ALIVE before it restarts this process; None if it does not wait for one."""
    try:
        meant = int(environment.get("WATCHDOG_PID", os.getpid())) == os.getpid()
        seconds = int(environment["WATCHDOG_USEC"]) / 1e6
    except (KeyError, ValueError):
        return None
    return seconds if meant and seconds > 0 else None
