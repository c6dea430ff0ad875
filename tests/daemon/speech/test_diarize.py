"""The diarizer: on a pipeline that answers as it is told, and on real models and recordings where they are."""

import importlib.util
import os
import sys
import wave
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import ValidationError

from bench import inputs
from daemon.errors import AskHuman, Cancelled, TryLater
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.diarize import INSTALL, OVERLAP_SECONDS, Diarizer, Options, load, translated, why_not
from daemon.speech.voices import Diarization, label
from tests.conftest import CORPUS
from tests.daemon.speech.recordings import silence

if importlib.util.find_spec("pyannote") is None or importlib.util.find_spec("pyannote.audio") is None:
    pytest.skip("the extra voices is not installed", allow_module_level=True)

MODELS = Path(os.environ.get("CAPTIONWATCH_VOICES", CORPUS.parent / "models" / "pyannote-offline"))
"""A folder with a pipeline of pyannote.audio, where a developer has one; beside it the code that its models need."""

TALK = CORPUS / "conversations" / "sample.wav"
MEETING = CORPUS / "ami" / "tst00.wav"

real = pytest.mark.skipif(
    not (MODELS.is_dir() and TALK.is_file() and MEETING.is_file()), reason="there is no pipeline, or no conversation"
)


def sound(samples):
    return Audio(samples.astype(np.float32), SAMPLE_RATE, len(samples) / SAMPLE_RATE)


def hours(count):
    """A sound of so many hours that takes no memory."""
    return sound(np.broadcast_to(np.float32(0), round(count * 3600 * SAMPLE_RATE)))


# ---- a pipeline that answers as it is told


@dataclass
class Pipeline:
    """Hears one speaker through the middle of each sound, and says how far it is as pyannote does."""

    asked: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    labels: list[str] = field(default_factory=lambda: ["SPEAKER_00"])
    embedding: tuple[float, ...] = (0.0, 1.0)
    fails: Exception | None = None
    clustering: SimpleNamespace = field(default_factory=lambda: SimpleNamespace(threshold=0.3, method="average"))

    def __call__(self, file, hook, **bounds):
        from pyannote.core import Annotation, Segment

        seconds = file["waveform"].shape[1] / file["sample_rate"]
        self.asked.append((seconds, bounds))
        if self.fails:
            raise self.fails
        for step in ("segmentation", "embeddings"):
            for completed in (0, 1, np.int64(3)):  # the last batch counts as a whole one
                hook(step, None, file=file, total=2, completed=completed)
            hook(step, object(), file=file)
        hook("discrete_diarization", object(), file=file)
        found = Annotation()
        for name in self.labels:
            found[Segment(seconds / 4, seconds * 3 / 4), name] = name
        rows = np.array([self.embedding] * len(self.labels), np.float32).reshape(len(self.labels), len(self.embedding))
        return SimpleNamespace(speaker_diarization=found, exclusive_speaker_diarization=found, speaker_embeddings=rows)


def spans(turns):
    return [(turn.speaker, turn.start, turn.end) for turn in turns]


def test_a_sound_is_heard_whole_and_its_voices_are_named():
    pipeline = Pipeline()
    found = Diarizer(pipeline, Options()).diarize(hours(0.01), (2, 3))
    assert pipeline.asked == [(36.0, {"min_speakers": 2, "max_speakers": 3})]
    assert spans(found.turns) == spans(found.exclusive) == [("A", 9.0, 27.0)]
    assert found.embeddings == {"A": (0.0, 1.0)}


def test_a_long_sound_is_heard_in_windows_that_overlap():
    pipeline = Pipeline()
    found = Diarizer(pipeline, Options(whole_minutes=10, window_minutes=6)).diarize(hours(1), (2, 3))
    assert len(pipeline.asked) == 12
    assert sum(seconds for seconds, _ in pipeline.asked) == pytest.approx(3600 + 11 * OVERLAP_SECONDS, abs=0.01)
    assert {tuple(bounds.items()) for _, bounds in pipeline.asked} == {(("min_speakers", 1), ("max_speakers", 3))}
    assert {turn.speaker for turn in found.turns} == {"A"}
    assert found.turns[-1].end < 3600


def test_an_hour_is_not_cut():
    pipeline = Pipeline()
    Diarizer(pipeline, Options()).diarize(hours(1))
    assert pipeline.asked == [(3600.0, {})]


@pytest.mark.parametrize("minutes", [10.0, 90.0])
def test_progress_rises_to_one(minutes):
    told = []
    Diarizer(Pipeline(), Options()).diarize(hours(minutes / 60), progress=told.append)
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert len(set(told)) > 3


def test_what_progress_raises_ends_it():
    def cancelled(_fraction):
        raise Cancelled("not wanted any more")

    with pytest.raises(Cancelled):
        Diarizer(Pipeline(), Options()).diarize(hours(0.1), progress=cancelled)


def test_a_memory_that_is_too_small_says_what_to_set():
    with pytest.raises(AskHuman, match="embedding_batch_size"):
        Diarizer(Pipeline(fails=MemoryError("batch_size is probably too large")), Options()).diarize(hours(0.1))


@pytest.mark.parametrize("embedding", [(0.0, 0.0), (float("nan"), 1.0)])
def test_a_voice_that_says_too_little_has_no_embedding(embedding):
    found = Diarizer(Pipeline(embedding=embedding), Options()).diarize(hours(0.1))
    assert (len(found.turns), found.embeddings) == (1, {})


def test_where_nobody_speaks_there_are_no_turns():
    assert Diarizer(Pipeline(labels=[]), Options()).diarize(hours(0.1)) == Diarization()


def test_a_sound_of_no_length_is_not_even_heard():
    pipeline = Pipeline()
    assert Diarizer(pipeline, Options()).diarize(hours(0)) == Diarization()
    assert pipeline.asked == []


def test_a_threshold_between_vectors_is_read_as_that_of_their_cosine():
    """Voices at a cosine distance of 0.2 are one by 0.3, and two by √(2 · 0.15) between vectors of length 1."""
    voices = [(1.0, 0.0), (0.8, 0.6)]

    class Changing(Pipeline):
        def __call__(self, file, hook, **bounds):
            self.embedding = voices[len(self.asked)]
            return super().__call__(file, hook, **bounds)

    def counted(**clustering):
        pipeline = Changing(clustering=SimpleNamespace(**clustering))
        found = Diarizer(pipeline, Options(whole_minutes=1, window_minutes=10)).diarize(
            sound(np.zeros(18 * 60 * SAMPLE_RATE))
        )
        return len({turn.speaker for turn in found.turns})

    assert counted(threshold=0.3, method="average") == 1
    assert counted(threshold=(2 * 0.3) ** 0.5) == 1
    assert counted(threshold=(2 * 0.15) ** 0.5) == 2


# ---- what can go wrong with loading


def test_a_missing_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyannote.audio", None)
    assert why_not(Options()) == INSTALL
    with pytest.raises(AskHuman, match="voices"):
        load(Options())


def test_a_folder_that_is_not_there_is_named(tmp_path):
    assert f"there is no model folder {tmp_path}/nothing" in why_not(Options(model=str(tmp_path / "nothing")))


def test_a_folder_without_a_pipeline_is_refused_before_anything_is_loaded(tmp_path):
    assert "there is no config.yaml" in why_not(Options(model=str(tmp_path)))
    with pytest.raises(AskHuman, match=r"\[daemon.speech.voices\] model"):
        load(Options(model=str(tmp_path)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "pipeline: {}",
        "pipeline: {name: no.such.Pipeline}",
        "pipeline: {name: pyannote.audio.pipelines.SpeakerDiarization, params: {segmentation: $model/segmentation, "
        "embedding: $model/embedding, plda: $model/plda}}",
    ],
)
def test_a_broken_pipeline_is_one_line_that_names_it(tmp_path, text):
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(AskHuman) as raised:
        load(Options(model=str(tmp_path)))
    assert str(tmp_path) in str(raised.value)
    assert "\n" not in str(raised.value)


def refused(kind, status, text="no"):
    from huggingface_hub import errors

    try:
        import httpx
    except ImportError:
        httpx = pytest.importorskip("httpx2")
    answer = httpx.Response(status, request=httpx.Request("GET", "https://huggingface.co/x/config.yaml"))
    return getattr(errors, kind)(text, response=answer)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("GatedRepoError", 403),
        ("RepositoryNotFoundError", 401),
        ("RepositoryNotFoundError", 404),
        ("HfHubHTTPError", 401),
    ],
)
def test_the_hubs_gate_says_the_steps(kind, status):
    error = translated(Options(), refused(kind, status))
    assert isinstance(error, AskHuman)
    for step in (
        "accept its conditions at huggingface.co/pyannote/speaker-diarization-community-1",
        "captiond secret set huggingface-token",
        "or set [daemon.speech.voices] model to a folder",
    ):
        assert step in str(error)


@pytest.mark.parametrize(("kind", "status"), [("HfHubHTTPError", 503), ("HfHubHTTPError", 429)])
def test_a_hub_that_is_busy_is_asked_later(kind, status):
    assert isinstance(translated(Options(), refused(kind, status)), TryLater)


def test_a_hub_that_is_not_reached_is_asked_later():
    """The tests forbid the hub; nothing was fetched before."""
    with pytest.raises(TryLater, match="could not be fetched"):
        load(Options(model="nobody/no-such-pipeline"))


def test_an_unknown_setting_is_refused():
    with pytest.raises(ValidationError):
        Options.model_validate({"modell": "x"})


# ---- real models


@pytest.fixture(scope="module")
def diarizer():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(MODELS.parent))
        yield load(Options(model=str(MODELS), device="cpu", threads=1))


@pytest.fixture(scope="module")
def talk(diarizer):
    told = []
    return diarizer.diarize(decode(TALK), progress=told.append), told


@real
def test_two_people_on_the_telephone_are_told_apart(talk):
    found, _ = talk
    assert {turn.speaker for turn in found.turns} == set(found.embeddings) == {"A", "B"}
    assert found.turns[0].speaker == "A"


@real
def test_the_turns_are_those_of_the_reference(talk):
    """The pipeline was tuned on this recording: 4.9 %."""
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    def annotation(made):
        found = Annotation()
        for speaker, start, end in made:
            found[Segment(start, end), f"{speaker} {start}"] = speaker
        return found

    found, _ = talk
    said = [line.split() for line in TALK.with_suffix(".rttm").read_text().splitlines()]
    reference = annotation((one[7], float(one[3]), float(one[3]) + float(one[4])) for one in said)
    rate = DiarizationErrorRate()(reference, annotation(spans(found.turns)), uem=Timeline([Segment(0, 30)]))
    assert rate < 0.08


@real
def test_the_real_pipeline_tells_how_far_it_is(talk):
    _, told = talk
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0.0 < fraction < 0.4 for fraction in told)
    assert any(0.4 < fraction < 1.0 for fraction in told)


@real
def test_exclusive_turns_are_never_over_each_other_in_a_meeting_of_four(diarizer):
    audio = decode(MEETING)
    found = diarizer.diarize(audio)
    assert any(after.start < before.end for before, after in pairwise(found.turns))
    assert all(after.start >= before.end - 1e-6 for before, after in pairwise(found.exclusive))
    assert all(0 <= turn.start < turn.end <= audio.seconds for turn in (*found.turns, *found.exclusive))


@real
def test_two_who_speak_over_each_other_all_the_way_still_have_exclusive_turns(diarizer):
    one, other = (decode(path).samples[: 20 * SAMPLE_RATE] for path in (TALK, MEETING))
    found = diarizer.diarize(sound(one + other))
    assert all(after.start >= before.end - 1e-6 for before, after in pairwise(found.exclusive))
    assert found.exclusive


@real
def test_where_one_speaker_is_said_there_is_one(diarizer):
    found = diarizer.diarize(decode(TALK), (1, 1))
    assert {turn.speaker for turn in found.turns} == {"A"}


@real
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.3])
def test_a_sound_of_a_moment_is_heard(diarizer, seconds):
    samples = decode(MEETING).samples[: round(seconds * SAMPLE_RATE)]
    assert all(turn.end <= seconds for turn in diarizer.diarize(sound(samples)).turns)


@real
def test_in_silence_nobody_speaks(diarizer):
    assert diarizer.diarize(silence(20.0)) == Diarization()


@real
def test_nothing_is_reported_to_the_makers(diarizer):
    from pyannote.audio.telemetry import metrics

    assert not metrics.is_metrics_enabled()


def written(tmp_path, samples, rate=SAMPLE_RATE):
    """Samples, of one channel or of several, as a file that people have."""
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.ndim)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return decode(path)


@real
def test_a_side_that_is_silent_changes_nothing(diarizer, tmp_path):
    samples = decode(TALK).samples
    one_sided = written(tmp_path, np.stack([samples, np.zeros_like(samples)], axis=1))
    assert {turn.speaker for turn in diarizer.diarize(one_sided).turns} == {"A", "B"}


@real
def test_a_telephones_8_khz_are_enough(diarizer, tmp_path):
    narrow = written(tmp_path, decode(TALK).samples[::2], SAMPLE_RATE // 2)
    assert {turn.speaker for turn in diarizer.diarize(narrow).turns} == {"A", "B"}


@real
def test_clipped_sound_still_has_voices(diarizer):
    found = diarizer.diarize(sound(np.clip(8 * decode(TALK).samples, -0.5, 0.5)))
    assert {turn.speaker for turn in found.turns} >= {"A"}


@real
def test_turns_of_half_a_second_end_within_the_sound_and_in_order(diarizer):
    talk, meeting = (decode(path).samples[: 20 * SAMPLE_RATE] for path in (TALK, MEETING))
    half = SAMPLE_RATE // 2
    pieces = [(talk, meeting)[number % 2][number * half : (number + 1) * half] for number in range(40)]
    found = diarizer.diarize(sound(np.concatenate(pieces)))
    assert all(0 <= turn.start < turn.end <= 20 for turn in found.turns)
    assert all(after.start >= before.end - 1e-6 for before, after in pairwise(found.exclusive))


@real
def test_twelve_people_are_named_in_the_order_in_which_they_speak(diarizer):
    files = [paths[0] for paths in inputs.alone(CORPUS).values()][:12]
    assert len(files) == 12
    found = diarizer.diarize(sound(np.concatenate([decode(path).samples[: 6 * SAMPLE_RATE] for path in files])))
    labels = list(dict.fromkeys(turn.speaker for turn in found.turns))
    assert len(labels) >= 4
    assert labels == [label(number) for number in range(len(labels))]
