from datetime import timedelta

import pytest

from store import channels, drafts, services, speakers, videos
from store.errors import NotFound, Refused
from store.lifecycle import VideoState
from store.speakers import HeardVoice, Judgement
from store.tables import Subject, Verdict
from tests.store.factories import (
    CHANNEL,
    DAEMON,
    at_once,
    captions,
    claim,
    entry,
    everything,
    login_covers,
    polled,
    redone,
    watched,
)

MODEL = "a-model"
ADA, BOB = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
NAMES = ("aaaaaaaaaaa", "bbbbbbbbbbb", "ccccccccccc")


def voice(label="A", embedding=ADA, seconds=30.0, turns=3):
    return HeardVoice(label, embedding, seconds, turns)


@pytest.fixture
def channel(database):
    made = watched(database)
    login_covers(database, CHANNEL)
    return made


def drafted(database, channel, youtube_id, *voices):
    """A video of the channel with a draft, in which these voices were heard."""
    database.now.time += timedelta(minutes=20)  # the feed is due again
    (video,) = polled(database, channels.get(database, channel.id), entry(youtube_id))
    for new in (VideoState.DOWNLOADED, VideoState.TRANSCRIBED):
        video = videos.advance(database, claim(database, video), new, DAEMON, youtube_channel_id=CHANNEL)
    speakers.keep(database, video, voices, MODEL, 0.9)
    drafts.make(database, claim(database, video), captions(), DAEMON)
    return videos.get(database, video.id)


def approves(database, video):
    draft, _ = drafts.find(database, video.youtube_id)
    return drafts.approve(database, draft.id, "ann")


def known(database, channel):
    return {one.speaker.name: (one.recordings, one.seconds) for one in speakers.listing(database, channel.id)}


def test_a_voice_that_is_named_makes_a_print_once_its_draft_is_approved(database, channel):
    video = drafted(database, channel, NAMES[0], voice("A"), voice("B", BOB))
    assert speakers.name(database, video, "A", "Ada Lovelace", "ann") == ("A", "Ada Lovelace")
    assert speakers.prints(database, channel.id, MODEL) == {}
    approves(database, video)
    (made,) = speakers.prints(database, channel.id, MODEL).values()
    assert made[0] > 0
    assert made[1:] == (0.0, 0.0)
    assert known(database, channel) == {"Ada Lovelace": (1, 30.0)}


def test_a_draft_that_is_held_back_or_rejected_takes_its_voices_out_of_the_print(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    draft = approves(database, video)
    drafts.hold(database, draft.id, "ann")
    assert speakers.prints(database, channel.id, MODEL) == {}
    drafts.reject(database, draft.id, "ann")
    assert known(database, channel) == {"Ada": (0, 0.0)}


def test_a_newer_revision_of_what_is_on_youtube_takes_nothing_away(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    drafts.uploaded(database, claim(database, approves(database, video)), DAEMON, "track")
    redone(database, drafts.find(database, NAMES[0])[0])
    assert known(database, channel) == {"Ada": (1, 30.0)}


def test_what_was_recognised_counts_only_once_it_is_approved(database, channel):
    first = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, first, "A", "Ada", "ann")
    approves(database, first)
    second = drafted(database, channel, NAMES[1], voice(embedding=(0.9, 0.1, 0.0)), voice("B", BOB))
    (ada,) = speakers.prints(database, channel.id, MODEL, besides=second.id)
    said = {
        "A": Judgement(Verdict.RECOGNISED, ada, 0.99, 0.8, 0.6),
        "B": Judgement(Verdict.UNSURE, ada, 0.7, 0.8, 0.6),
    }
    speakers.judged(database, second.id, said)
    assert known(database, channel) == {"Ada": (1, 30.0)}
    approves(database, second)
    assert known(database, channel) == {"Ada": (2, 60.0)}  # the unsure one never does


def test_what_a_person_said_stands_against_any_judgement(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    speakers.judged(database, video.id, {"A": Judgement(Verdict.UNKNOWN, None, None, 0.8, 0.6)})
    ((row, speaker),) = speakers.of_video(database, video.id)
    assert (row.verdict, speaker.name) == (Verdict.NAMED, "Ada")


def test_the_video_that_is_judged_tells_nothing_of_itself(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    approves(database, video)
    assert speakers.prints(database, channel.id, MODEL, besides=video.id) == {}


def test_embeddings_of_another_model_make_no_print(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    approves(database, video)
    assert speakers.prints(database, channel.id, "another-model") == {}


def test_a_wrong_name_is_put_right_by_the_name_that_the_captions_have(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    assert speakers.name(database, video, "ada", "Bob", "ann") == ("A", "Bob")


def test_a_second_person_of_a_name_is_refused_unless_it_is_said_to_be_the_same(database, channel):
    first = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, first, "A", "Ada", "ann")
    approves(database, first)
    second = drafted(database, channel, NAMES[1], voice(embedding=BOB))
    speakers.judged(database, second.id, {"A": Judgement(Verdict.UNKNOWN, None, None, 0.8, 0.6)})
    before = everything(database)
    with pytest.raises(Refused, match=r"not like Ada's as it is known \(0\.00, .* begins at 0\.60\)"):
        speakers.name(database, second, "A", "ada", "ann")
    assert everything(database) == before
    assert speakers.name(database, second, "A", "ada", "ann", same=True) == ("A", "Ada")


@pytest.mark.parametrize("said", ["", " \t", "…", "A", "S12", "x" * 61])
def test_what_is_no_name_is_refused(database, channel, said):
    video = drafted(database, channel, NAMES[0], voice())
    with pytest.raises(Refused):
        speakers.name(database, video, "A", said, "ann")
    assert known(database, channel) == {}


def test_a_hostile_name_is_kept_as_plain_text_on_one_line(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    assert speakers.name(database, video, "A", "A\x1b[31mda\n--> <b>", "ann") == ("A", "Ada -> <b>")


def test_a_voice_that_is_not_there_is_told_with_those_that_are(database, channel):
    video = drafted(database, channel, NAMES[0], voice("A"), voice("B", BOB))
    with pytest.raises(NotFound, match="no voice 'C' in it: there are A, B"):
        speakers.name(database, video, "C", "Ada", "ann")


def test_of_two_who_name_one_voice_both_are_heard_and_one_stands(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    at_once(database, *[lambda own, who=who: speakers.name(own, video, "A", who, "ann") for who in ("Ada", "Bob")])
    ((_, speaker),) = speakers.of_video(database, video.id)
    assert speaker.name in ("Ada", "Bob")


def test_a_video_that_is_heard_again_keeps_the_names_of_voices_that_are_like_before(database, channel):
    video = drafted(database, channel, NAMES[0], voice("A"), voice("B", BOB))
    speakers.name(database, video, "A", "Ada", "ann")
    speakers.keep(database, video, [voice("A", (0.0, 0.99, 0.1)), voice("B", (0.99, 0.0, 0.1))], MODEL, 0.9)
    told = {row.label: speaker and speaker.name for row, speaker in speakers.of_video(database, video.id)}
    assert told == {"A": None, "B": "Ada"}


def test_an_enrolled_voice_counts_at_once_and_once_for_each_file(database, channel):
    made = speakers.enrol(database, channel.id, "Ada", voice("talk.wav"), MODEL, "ann")
    speakers.enrol(database, channel.id, "ada", voice("talk.wav", seconds=20.0), MODEL, "ann")
    assert known(database, channel) == {"Ada": (1, 20.0)}
    assert list(speakers.prints(database, channel.id, MODEL)) == [made.id]


def test_a_speaker_is_found_by_number_and_by_name(database, channel):
    made = speakers.enrol(database, channel.id, "Ada", voice("talk.wav"), MODEL, "ann")
    other = watched(database, "@other", "UCbbbbbbbbbbbbbbbbbbbbbb")
    again = speakers.enrol(database, other.id, "Ada", voice("talk.wav"), MODEL, "ann")
    assert speakers.find(database, str(made.id)).id == made.id
    assert speakers.find(database, "ADA", other.id).id == again.id
    with pytest.raises(Refused, match=f"say the number, {made.id} and {again.id}"):
        speakers.find(database, "ada")
    with pytest.raises(NotFound, match="no speaker 'Bob'"):
        speakers.find(database, "Bob")


def test_a_speaker_gets_another_name_which_nobody_may_have(database, channel):
    ada = speakers.enrol(database, channel.id, "Ada", voice("a.wav"), MODEL, "ann")
    speakers.enrol(database, channel.id, "Bob", voice("b.wav", BOB), MODEL, "ann")
    assert speakers.rename(database, ada.id, "Ada King", "ann") == ("Ada", "Ada King")
    assert speakers.rename(database, ada.id, "ada king", "ann") == ("Ada King", "ada king")
    with pytest.raises(Refused, match="there is a speaker 'Bob' already"):
        speakers.rename(database, ada.id, "BOB", "ann")


def test_two_speakers_who_are_one_become_one(database, channel):
    ada = speakers.enrol(database, channel.id, "Ada", voice("a.wav"), MODEL, "ann")
    lovelace = speakers.enrol(database, channel.id, "Lovelace", voice("b.wav"), MODEL, "ann")
    assert speakers.merge(database, lovelace.id, ada.id, "ann") == ("Lovelace", "Ada")
    assert known(database, channel) == {"Ada": (2, 60.0)}
    with pytest.raises(Refused, match="one speaker already"):
        speakers.merge(database, ada.id, ada.id, "ann")
    with pytest.raises(NotFound):
        speakers.merge(database, lovelace.id, ada.id, "ann")


def test_what_is_forgotten_is_nowhere_in_the_files_of_the_database(database, channel, tmp_path):
    secret = (0.123456789, 0.987654321, 0.555555555)
    video = drafted(database, channel, NAMES[0], voice(embedding=secret), voice("B", BOB))
    speakers.name(database, video, "A", "Zebulon Quixote", "ann")
    approves(database, video)
    made = speakers.enrol(database, channel.id, "Zebulon Quixote", voice("talk.wav", secret), MODEL, "ann")
    folder = tmp_path
    assert b"0.123456789" in raw(folder)
    forgotten = speakers.forget(database, made.id, "ann")
    assert (forgotten.name, forgotten.voices, forgotten.seconds) == ("Zebulon Quixote", 2, 60.0)
    assert b"0.123456789" not in raw(folder)
    assert known(database, channel) == {}
    assert [row.label for row, _ in speakers.of_video(database, video.id)] == ["B"]
    assert services.events(database, Subject.CHANNEL, channel.id)[-1].what == "speaker forgotten"
    with pytest.raises(NotFound):
        speakers.forget(database, made.id, "ann")


def raw(folder):
    """What is on the disk of the database, its write-ahead log included."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_nobody_named_is_forgotten_after_a_while(database, channel, clock):
    video = drafted(database, channel, NAMES[0], voice("A"), voice("B", BOB))
    speakers.name(database, video, "A", "Ada", "ann")
    assert speakers.drop_unnamed(database, timedelta(days=90)) == 0
    clock.time += timedelta(days=91)
    assert speakers.drop_unnamed(database, timedelta(days=90)) == 1
    assert speakers.drop_unnamed(database, timedelta(days=90)) == 0
    assert {row.label: bool(row.embedding) for row, _ in speakers.of_video(database, video.id)} == {
        "A": True,
        "B": False,
    }


def test_the_evidence_of_a_print_is_told(database, channel):
    video = drafted(database, channel, NAMES[0], voice())
    speakers.name(database, video, "A", "Ada", "ann")
    speakers.enrol(database, channel.id, "Ada", voice("talk.wav"), MODEL, "ann")
    (speaker,) = {one.speaker.id for one in speakers.listing(database)}
    told = [
        (one.video and one.video.youtube_id, one.voice.label, one.counts)
        for one in speakers.evidence(database, speaker)
    ]
    assert sorted(told, key=str) == [(NAMES[0], "A", False), (None, "talk.wav", True)]


def test_a_channel_that_is_added_again_knows_its_speakers(database, channel):
    speakers.enrol(database, channel.id, "Ada", voice("talk.wav"), MODEL, "ann")
    channels.remove(database, channel.id, "ann")
    again = watched(database)
    assert again.id != channel.id
    assert known(database, again) == {"Ada": (1, 30.0)}


def test_a_video_of_no_channel_has_no_speakers(database):
    made = videos.request(database, NAMES[0], "ann")
    speakers.keep(database, made, [voice()], MODEL, 0.9)
    with pytest.raises(Refused, match="of no channel that is watched"):
        speakers.name(database, made, "A", "Ada", "ann")
