"""python -m sandbox.assemblyai: the loopback AssemblyAI as a process of its own."""

from __future__ import annotations

import argparse

from sandbox.assemblyai import AssemblyAI, make_app
from sandbox.serving import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.assemblyai", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    arguments = parser.parse_args()
    run(make_app(AssemblyAI()), arguments.port)


if __name__ == "__main__":
    main()
