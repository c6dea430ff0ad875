"""The least that makes words with times of a recording: what captionwatch is measured against.

    python bench/bare_whisper.py MODEL_FOLDER THREADS BATCH_SIZE BEAM_SIZE RECORDING…

Imports nothing of captionwatch. Prints a JSON list for each recording: its seconds of recognition, with the model
loaded (the decoding of the file is in them, as faster-whisper does it itself), and its count of words.
"""

import json
import sys
import time

from faster_whisper import BatchedInferencePipeline, WhisperModel

model, threads, batch_size, beam_size, *recordings = sys.argv[1:]
pipeline = BatchedInferencePipeline(WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=int(threads)))
for recording in recordings:
    began = time.monotonic()
    segments, _ = pipeline.transcribe(
        recording, batch_size=int(batch_size), beam_size=int(beam_size), vad_filter=True, word_timestamps=True
    )
    words = [(word.start, word.end, word.word) for segment in segments for word in segment.words]
    print(json.dumps([time.monotonic() - began, len(words)]), flush=True)
