"""Who speaks when as our diarizer hears it, in a process of its own, for bench/voices.py.

    python -m bench.diarize PIPELINE_FOLDER THREADS WHOLE_MINUTES WINDOW_MINUTES SOUND…

As bare_diarization.py; of each sound there are the exclusive turns too.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from captions.transcript import SpeakerTurn
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.device import DeviceName
from daemon.speech.diarize import Options, load


def main(folder: str, threads: str, whole: str, window: str, *sounds: str) -> None:
    sys.path.insert(0, str(Path(folder).parent))
    options = Options(
        model=folder,
        device=DeviceName.CPU,
        threads=int(threads),
        whole_minutes=float(whole),
        window_minutes=float(window),
    )
    diarizer = load(options)
    for sound in sounds:
        samples = np.load(sound)
        audio = Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)
        began = time.monotonic()
        found = diarizer.diarize(audio)
        seconds = time.monotonic() - began
        print(json.dumps([seconds, rows(found.turns), rows(found.exclusive)]), flush=True)


def rows(turns: Sequence[SpeakerTurn]) -> list[tuple[float, float, str]]:
    return [(turn.start, turn.end, turn.speaker) for turn in turns]


if __name__ == "__main__":
    main(*sys.argv[1:])
