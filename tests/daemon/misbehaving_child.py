"""A child that does whatever a child may do, when it is asked to: `python -m tests.daemon.misbehaving_child`."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from daemon.children import Message, Progress, serve
from daemon.errors import AskHuman, Cancelled, DaemonError, GiveUp, TryLater, WaitFor


def of_engine(error: DaemonError) -> DaemonError:
    error.of_engine = True
    return error


EXAMPLES = (
    TryLater("the network failed"),
    TryLater("too many requests", timedelta(minutes=90, microseconds=1)),
    WaitFor("it is a premiere", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
    AskHuman("log in again"),
    GiveUp("es wurde gelöscht"),
    TryLater("at once", timedelta(0)),
    Cancelled("cancelled by ann"),
    of_engine(GiveUp("the job failed")),
)
"""Errors of every class that there is, with every kind of detail."""

FOREVER = 600.0
REPORTS = 400


def handle(request: Message, progress: Progress) -> Message:
    """Do what `do` says."""
    match request["do"]:
        case "echo":
            return {"said": request["say"], "pid": os.getpid()}
        case "report":
            for fraction, step in request["steps"]:
                progress(fraction, step)
        case "raise":
            raise EXAMPLES[request["example"]]
        case "break":
            raise ZeroDivisionError("nobody expected that")
        case "exit":
            print("these are my last words", file=sys.stderr, flush=True)
            os._exit(request["code"])
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            progress(0.5, "hanging")
            time.sleep(FOREVER)
        case "eat":
            eaten = b"x" * request["bytes"]
            progress(1.0, "full")
            time.sleep(FOREVER)
            return {"eaten": len(eaten)}
        case "eat and tell":
            eaten = b"x" * request["bytes"]
            for number in range(REPORTS):
                progress(number / REPORTS, "digesting")
                time.sleep(0.05)
            return {"eaten": len(eaten)}
        case "print":
            print('{"result": {"said": "by print"}}', flush=True)
            os.write(1, b'{"result": {"said": "by a library"}}\n')
            print("this is said to nobody", file=sys.stderr, flush=True)
        case "mumble":
            for _ in range(20):
                os.write(2, b"\xff\xfe\x80" * 10_000 + b"\n")
        case "close":
            os.closerange(3, 100)
            time.sleep(FOREVER)
        case "start":
            process = subprocess.Popen(["sleep", str(FOREVER)])  # noqa: S607 wherever it is
            return {"pid": process.pid}
    return {}


if __name__ == "__main__":
    serve(handle)
