"""python -m sandbox.gemini: the loopback Gemini as a process of its own."""

from __future__ import annotations

import argparse

from sandbox.gemini import Gemini, make_app
from sandbox.serving import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.gemini", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    arguments = parser.parse_args()
    run(make_app(Gemini()), arguments.port)


if __name__ == "__main__":
    main()
