"""A child that prints before it serves, as a library may at its import: `python -m tests.daemon.printing_child`."""

import time

from daemon.children import Message, Progress, serve
from tests.daemon.misbehaving_child import FOREVER

print("thank you for using this library", flush=True)


def handle(request: Message, progress: Progress) -> Message:
    """Work for long: one that answers would notice that nobody listens."""
    time.sleep(FOREVER)
    return {}


if __name__ == "__main__":
    serve(handle)
