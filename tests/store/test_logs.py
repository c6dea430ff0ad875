import io
import json
import logging

import pytest
import structlog

from store import logs
from store.logs import Form


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _as_before():
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def ours():
    return structlog.stdlib.get_logger("daemon.stages")


def test_a_service_logs_an_event_and_its_fields_as_json():
    stream = io.StringIO()
    logs.set_up(stream=stream)
    ours().info("transcribed", engine="whisper", wall=2.5)
    line = json.loads(stream.getvalue())
    assert list(line) == ["timestamp", "level", "event", "engine", "wall"]
    assert (line["level"], line["event"], line["engine"], line["wall"]) == ("info", "transcribed", "whisper", 2.5)
    assert line["timestamp"].endswith("Z")


def test_a_terminal_gets_an_event_and_its_fields_as_text():
    stream = Terminal()
    logs.set_up(stream=stream)
    ours().info("transcribed", engine="whisper", wall=2.5)
    assert "transcribed" in stream.getvalue()
    logs.set_up(Form.TEXT, stream=(plain := io.StringIO()))
    ours().info("transcribed", engine="whisper", wall=2.5)
    assert plain.getvalue().endswith("[info     ] transcribed engine=whisper wall=2.5\n")


def test_what_is_bound_is_on_each_line_also_on_those_of_libraries():
    logs.set_up(Form.JSON, stream=(stream := io.StringIO()))
    with structlog.contextvars.bound_contextvars(video="dQw4w9WgXcQ"):
        ours().info("downloaded")
        logging.getLogger("yt_dlp").warning("it is %s", "late")
    ours().info("stopping")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line.get("video") for line in lines] == ["dQw4w9WgXcQ", "dQw4w9WgXcQ", None]
    assert lines[1]["event"] == "it is late"


def test_a_title_cannot_write_a_line_of_its_own_or_steer_the_terminal():
    for form in (Form.TEXT, Form.JSON):
        logs.set_up(form, stream=(stream := io.StringIO()))
        ours().info("found", title="a\nfailed \x1b[31mred\r\x07")
        assert stream.getvalue().count("\n") == 1
        assert not set("\x1b\r\x07") & set(stream.getvalue())


def test_a_bug_keeps_its_traceback_in_both_forms():
    for form in (Form.TEXT, Form.JSON):
        logs.set_up(form, stream=(stream := io.StringIO()))
        try:
            raise RuntimeError("a bug")
        except RuntimeError:
            ours().exception("failed", stage="download")
        assert "Traceback (most recent call last)" in stream.getvalue()
        assert "RuntimeError: a bug" in stream.getvalue()
        assert "stage" in stream.getvalue()


def test_details_are_logged_only_where_they_are_asked_for_and_those_of_libraries_never():
    for level, count in ((logging.INFO, 0), (logging.DEBUG, 1)):
        logs.set_up(Form.TEXT, level, stream := io.StringIO())
        ours().debug("child said")
        logging.getLogger("googleapiclient").debug("noise")
        logging.getLogger("googleapiclient").info("noise")
        assert len(stream.getvalue().splitlines()) == count


@pytest.mark.parametrize("form", [Form.TEXT, Form.JSON])
def test_a_secret_does_not_get_into_a_line_as_text_field_or_traceback(form):
    logs.set_up(form, stream=(stream := io.StringIO()))
    token = "ya29." + "a" * 90
    ours().info("asked", header=f"Bearer {token}", nested={"token": token})
    logging.getLogger("urllib3").warning("sent %s", token)
    try:
        raise RuntimeError(f"refused {token}")
    except RuntimeError:
        ours().exception("failed")
    assert "aaaa" not in stream.getvalue()
    assert stream.getvalue().count("«secret»") >= 4
