"""What a voice feels, and how it speaks: one contract (contract.py), one file per engine, one table.

    transcript ──► stretches of one voice ──► pieces of 10 s at most ──► an engine ──► EmotionSpan, with all scores
               ──► manners: loud, quiet, fast, slow

    EmotionSpan, sentiment of the words ──► fused ──► what a draft tells

classifier.py is trained here, by librosa's features (features.py), on recordings of actors (data_set.py), and judged
(evaluation.py); speechbrain_model.py is trained already. hearing.py goes through a transcript, in a child (worker.py);
fusion.py and summary.py make of it what a draft tells. prosody.py tells loud from quiet and fast from slow, which says
nothing of feelings. Acted feelings are not felt ones: a label is what a voice sounds like.
"""

from __future__ import annotations

from daemon.speech.emotion import own_model, speechbrain_model
from daemon.speech.emotion.contract import EmotionEngine, EmotionKind

__all__ = ["ENGINES", "EmotionEngine", "EmotionKind"]

ENGINES: dict[str, EmotionKind] = {
    "speechbrain": speechbrain_model.KIND,
    "classifier": own_model.KIND,
}
