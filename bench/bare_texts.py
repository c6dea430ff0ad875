"""What faster-whisper hears by itself: the least script that anybody would write, for bench/engines.py.

    python bench/bare_texts.py JOB

Imports nothing of captionwatch. JOB is a JSON file as `bench.engines.job` makes it. Prints a JSON list for each
recording: its seconds of recognition, with the model loaded, and the text.
"""

import json
import sys
import time
from pathlib import Path

from faster_whisper import BatchedInferencePipeline, WhisperModel

job = json.loads(Path(sys.argv[1]).read_text())
options = job["options"]
model = WhisperModel(options["model"], device="cpu", compute_type="int8", cpu_threads=options["threads"])
batched = options["mode"] == "batched"
recogniser = BatchedInferencePipeline(model) if batched else model
more = {"batch_size": options["batch_size"]} if batched else {}
for recording in job["recordings"]:
    began = time.monotonic()
    segments, _ = recogniser.transcribe(
        recording["path"],
        language=recording["language"],
        beam_size=options["beam_size"],
        vad_filter=True,
        word_timestamps=True,
        **more,
    )
    text = "".join(segment.text for segment in segments)
    print(json.dumps([time.monotonic() - began, text]), flush=True)
