"""What an engine of ours hears, in a process of its own, for bench/engines.py.

    python -m bench.recognise JOB

JOB is a JSON file as `bench.engines.job` makes it. Prints a JSON list for each recording: its seconds of decoding and
recognition, with the model loaded, and the text.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from daemon.speech.audio import decode
from daemon.speech.engines import ENGINES, Request


def main(path: str) -> None:
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    engine = ENGINES[job["engine"]].load(job["options"])
    for recording in job["recordings"]:
        began = time.monotonic()
        request = Request(recording["language"], tuple(recording["terms"]), recording["context"])
        heard = engine.transcribe(decode(Path(recording["path"])), request, lambda _fraction: None)
        text = " ".join(word.text for word in heard.words)
        print(json.dumps([time.monotonic() - began, text]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
