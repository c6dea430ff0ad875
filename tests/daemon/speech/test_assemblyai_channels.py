"""AssemblyAI and recordings of two channels: what is sent, what comes back, and what is left as one."""

import io
import itertools
from dataclasses import replace

import av
import numpy as np
import pytest

from daemon.errors import AskHuman, TryLater
from daemon.speech.audio import SAMPLE_RATE, decode
from daemon.speech.channels import channels_of
from daemon.speech.condition import Condition
from daemon.speech.engines import Request
from daemon.speech.engines.assemblyai import answer as read
from daemon.speech.engines.assemblyai import channels
from daemon.speech.pipeline import transcribe
from tests.daemon.speech.assemblyai_scene import ignored, scene
from tests.daemon.speech.recordings import dialogue, movie, tone, wav, wav_of_channels
from tests.sandbox.sounds import TALK

SECONDS = 10.0


@pytest.fixture
def there():
    with scene() as made:
        yield made


@pytest.fixture
def cloud(there):
    return there.cloud


def sides(seconds=8.0):
    return dialogue(tone(seconds, SAMPLE_RATE), 0.5 * tone(seconds, SAMPLE_RATE))


@pytest.fixture
def interview(tmp_path):
    return wav_of_channels(tmp_path / "interview.wav", *sides())


def audio_of(path):
    return replace(decode(path), channels=channels_of(path))


def hear(there, path, asked=None, **changed):
    request = Request(receipts=there.receipts, **(asked or {}))
    return there.engine(multichannel=True, **changed).transcribe(audio_of(path), request, ignored)


def sent(cloud):
    """The sound that was uploaded, of shape (channels, time), -1 to 1."""
    (upload,) = cloud.uploads.values()
    with av.open(io.BytesIO(upload.data)) as file:
        frames = [frame.to_ndarray().reshape(-1, upload.audio.channels).T for frame in file.decode(audio=0)]
    return np.concatenate(frames, axis=1) / 32768


# ---- each for itself


def test_both_channels_are_sent_whole_each_in_its_place(there, cloud, interview):
    hear(there, interview)
    left, right = sides()
    uploaded = sent(cloud)
    assert uploaded.shape == (2, len(left))
    assert np.abs(uploaded[0] - left).max() < 0.001
    assert np.abs(uploaded[1] - right).max() < 0.001
    assert there.bodies[0]["multichannel"] is True
    assert cloud.refusals == []


def test_a_channel_is_a_speaker(there, interview):
    heard = hear(there, interview, speaker_labels=False)
    assert [(word.text, word.speaker) for word in heard.words] == list(
        zip([one[0] for one in TALK], ["1"] * 5 + ["2"] * 3, strict=True)
    )
    assert [(turn.start, turn.end, turn.speaker) for turn in heard.turns] == [(0.5, 2.2, "1"), (3.0, 4.25, "2")]
    assert "notes" not in heard.extras


def test_with_speaker_labels_there_may_be_several_on_a_channel(there, cloud, interview):
    cloud.say([["One.", 0, 1, "Ada"], ["Two.", 1, 2, "Bob"], ["Three.", 2, 3, "Eve"]])
    assert [word.speaker for word in hear(there, interview).words] == ["1A", "2A", "1B"]


def test_how_many_speak_is_not_asked_of_each_channel(there, interview):
    hear(there, interview, asked={"speakers": (2, 2)})
    assert {"speakers_expected", "speaker_options"} & set(there.bodies[0]) == set()


def test_a_track_that_starts_late_is_sent_on_the_times_of_the_video(there, cloud, tmp_path):
    path = movie(tmp_path / "late.mkv", sides=sides(4.0), begins=2.0, rate=SAMPLE_RATE)
    hear(there, path)
    left, right = sent(cloud)
    assert len(left) == len(decode(path).samples)
    assert np.flatnonzero(np.abs(left) > 0.1)[0] / SAMPLE_RATE == pytest.approx(2.0, abs=0.07)
    assert np.flatnonzero(np.abs(right) > 0.1)[0] / SAMPLE_RATE == pytest.approx(4.0, abs=0.07)


def test_a_job_whose_wait_ended_is_paid_once(there, cloud, interview):
    cloud.fault("transcript.get", "status", value=503, times=10)
    with pytest.raises(TryLater):
        hear(there, interview)
    cloud.clear()
    assert {word.speaker for word in hear(there, interview, speaker_labels=False).words} == {"1A", "2A"}
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


# ---- as one


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda left, right: (left + right, left + right), "both hold the same sound, or one of them is silent"),
        (lambda left, right: (left, 0 * right), "both hold the same sound, or one of them is silent"),
        (lambda left, _: (left,), "the recording has 1"),
        (lambda left, right: (left, right, left, right, left, right), "the recording has 6"),
    ],
    ids=["same", "silent", "mono", "5.1"],
)
def test_what_has_not_two_sounds_is_heard_as_one_and_that_is_said(there, cloud, tmp_path, made, why):
    path = wav_of_channels(tmp_path / "sound.wav", *made(*sides()))
    heard = hear(there, path)
    assert "multichannel" not in there.bodies[0]
    assert len(sent(cloud)) == 1
    assert [word.text for word in heard.words] == [one[0] for one in TALK]
    assert {word.speaker for word in heard.words} == {"A", "B"}
    (note,) = heard.extras["notes"]
    assert why in note


def test_a_sound_that_was_prepared_is_refused_before_anything_is_sent(there, cloud, interview):
    engine = there.engine(multichannel=True)
    with pytest.raises(AskHuman, match=r"multichannel = false.*\[daemon\.speech\.condition\]"):
        transcribe(
            audio_of(interview), engine, "assemblyai", "", Request(), lambda *_: None, Condition(high_pass_hertz=80)
        )
    assert cloud.requests == {}


def test_without_the_option_channels_are_no_matter(there, cloud, interview):
    there.engine().transcribe(audio_of(interview), Request(), ignored)
    assert len(sent(cloud)) == 1
    assert "multichannel" not in there.bodies[0]


# ---- what comes back


def word(text, start, channel, confidence=0.9, **more):
    return {
        "text": text,
        "start": start,
        "end": start + 300,
        "channel": channel,
        "speaker": channel,
        "confidence": confidence,
        **more,
    }


def heard(*words, **fields):
    answer = channels.labelled({"status": "completed", "words": list(words), **fields})
    return read.transcription(answer, SECONDS, None, ())


def said(found):
    return [(one.text, one.speaker) for one in found.words]


def test_words_are_in_order_of_time_however_they_come():
    first = [word("a", 0, "1"), word("c", 2000, "1")]
    second = [word("b", 1000, "2"), word("d", 3000, "2")]
    for order in ([*first, *second], [*second, *first], [first[0], second[0], first[1], second[1]]):
        found = heard(*order)
        assert said(found) == [("a", "1"), ("b", "2"), ("c", "1"), ("d", "2")]
        assert [one.start for one in found.words] == [0, 1, 2, 3]
        assert "notes" not in found.extras


@pytest.mark.parametrize(
    ("channel", "speaker", "label"),
    [("1", "A", "1A"), ("1", "1A", "1A"), ("2", "2", "2"), ("2", None, "2"), (2, "B", "2B"), (None, "A", "A")],
)
def test_a_speaker_is_the_channels_and_no_other_channels(channel, speaker, label):
    assert said(heard(word("a", 0, channel, speaker=speaker))) == [("a", label)]


def test_what_leaks_into_the_other_microphone_is_kept_once_from_the_channel_that_is_surer():
    own = [word(text, 1000 + 400 * place, "1", 0.95) for place, text in enumerate(["So,", "tell", "me."])]
    leaked = [word(text, 1050 + 400 * place, "2", 0.6) for place, text in enumerate(["so", "Tell", "me"])]
    for order in ([*own, *leaked], [*leaked, *own]):
        found = heard(*order, word("Yes.", 3000, "2"))
        assert said(found) == [("So,", "1"), ("tell", "1"), ("me.", "1"), ("Yes.", "2")]
        assert "kept once: 3 words" in found.extras["notes"][0]


def test_of_a_row_of_doubles_all_are_from_one_channel():
    one = [word("tell", 1000, "1", 0.9), word("me", 1400, "1", 0.5)]
    other = [word("tell", 1000, "2", 0.6), word("me", 1400, "2", 0.7)]
    assert said(heard(*one, *other)) == [("tell", "1"), ("me", "1")]


def test_the_same_word_at_another_time_or_another_at_the_same_is_no_double():
    found = heard(word("Yes.", 1000, "1"), word("Yes.", 1500, "2"), word("No.", 1500, "1"))
    assert said(found) == [("Yes.", "1"), ("No.", "1"), ("Yes.", "2")]
    assert "notes" not in found.extras


def test_said_twice_and_leaked_twice_it_is_kept_twice():
    one = [word("no", start, "1") for start in (1000, 1350)]
    other = [word("no", start + 20, "2", 0.5) for start in (1000, 1350)]
    assert said(heard(*one, *other)) == [("no", "1"), ("no", "1")]


def test_turns_of_two_channels_may_overlap_and_one_of_which_no_word_is_left_is_none():
    own, leaked = word("Well,", 1000, "1"), word("well", 1020, "2", 0.4)
    both = [word("I", 2000, "1"), word("yes", 2100, "2")]
    turns = [(1000, 2300, "1"), (1020, 1320, "2"), (2100, 2400, "2")]
    found = heard(
        own,
        leaked,
        *both,
        utterances=[
            {"start": start, "end": end, "speaker": channel, "channel": channel} for start, end, channel in turns
        ],
    )
    assert [(turn.start, turn.end, turn.speaker) for turn in found.turns] == [(1.0, 2.3, "1"), (2.1, 2.4, "2")]


def test_many_words_at_one_time_are_soon_read():
    both = itertools.chain.from_iterable((word("no", 0, "1"), word("no", 0, "2")) for _ in range(20_000))
    assert len(heard(*both).words) == 20_000


def test_a_recording_of_the_same_voices_in_stereo_is_not_doubled(there, tmp_path):
    """What most videos are."""
    heard = hear(there, wav(tmp_path / "video.wav", 8.0, 48_000, channels=2))
    assert [word.text for word in heard.words] == [one[0] for one in TALK]
