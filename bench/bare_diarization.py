"""The least that tells who speaks when: what captionwatch is measured against.

    python bench/bare_diarization.py PIPELINE_FOLDER THREADS SOUND…

A SOUND is a NumPy file with float32 samples, mono, 16 kHz. Imports nothing of captionwatch. Prints a JSON list for each
sound: the seconds that it took, with the pipeline loaded, and [start, end, speaker] of each turn.
"""

import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
warnings.simplefilter("ignore")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from pyannote.audio import Pipeline  # noqa: E402

folder, threads, *sounds = sys.argv[1:]
torch.set_num_threads(int(threads))
sys.path.insert(0, str(Path(folder).parent))  # where the code of a pipeline's own models is
pipeline: Any = Pipeline.from_pretrained(folder)
for sound in sounds:
    waveform = torch.from_numpy(np.load(sound))[None]
    began = time.monotonic()
    found = pipeline({"waveform": waveform, "sample_rate": 16_000}).speaker_diarization
    seconds = time.monotonic() - began
    print(json.dumps([seconds, [[turn.start, turn.end, speaker] for turn, speaker in found]]), flush=True)
