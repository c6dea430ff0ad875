"""python -m sandbox.youtube: the loopback YouTube as a process of its own."""

from __future__ import annotations

import argparse

from sandbox.serving import run
from sandbox.youtube import YouTube, make_app
from sandbox.youtube.state import DAILY_QUOTA


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.youtube", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--quota", type=int, default=DAILY_QUOTA, help="units of the Data API for the whole life")
    arguments = parser.parse_args()
    run(make_app(YouTube(quota=arguments.quota)), arguments.port)


if __name__ == "__main__":
    main()
