"""The engine assemblyai on real sockets, before the loopback AssemblyAI."""

import json
import multiprocessing
import socket
import tempfile
import threading
import time
from datetime import timedelta

import pytest
from pydantic import ValidationError

from daemon.errors import AskHuman, GiveUp, TryLater
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.assemblyai import AssemblyAI, Options, refusals, sound
from daemon.speech.engines.contract import API_KEY, NoReceipts
from sandbox.assemblyai import API_KEY as KEY
from tests.daemon.speech.assemblyai_scene import Kept, ignored, scene
from tests.daemon.speech.recordings import tone
from tests.loopback import HTML, answering
from tests.sandbox.sounds import TALK

QUICK = 2.0  # seconds within which a cancel must be heard
UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"


class Cancelled(Exception):
    """What a progress raises when the work is not wanted any more."""


@pytest.fixture
def there():
    with scene() as made:
        yield made


@pytest.fixture
def cloud(there):
    return there.cloud


# ---- what is heard


def test_words_come_in_seconds_with_their_speakers(there):
    heard = there.hear()
    assert [(word.text, word.start, word.end) for word in heard.words] == [tuple(word[:3]) for word in TALK]
    assert [word.speaker for word in heard.words] == ["A"] * 5 + ["B"] * 3
    assert {word.confidence for word in heard.words} == {0.99}
    assert heard.language == "en"
    assert there.cloud.refusals == []


def test_turns_are_those_of_the_utterances(there):
    assert [(turn.start, turn.end, turn.speaker) for turn in there.hear().turns] == [(0.5, 2.2, "A"), (3.0, 4.25, "B")]


def test_speakers_are_not_told_where_they_are_not_wanted(there):
    heard = there.hear(speaker_labels=False)
    assert (heard.turns, {word.speaker for word in heard.words}) == ((), {None})
    assert "speaker_labels" not in there.bodies[0]


def test_no_extra_is_asked_for_unless_it_is_chosen(there):
    assert there.hear().extras == {}
    assert set(there.bodies[0]) == {"audio_url", "speech_models", "language_detection", "speaker_labels"}


def test_every_extra_has_the_shape_of_the_contract(there):
    names = ("sentiment", "entities", "topics", "content_safety", "key_phrases", "chapters", "summary")
    extras = there.hear(**dict.fromkeys(names, True)).extras
    assert set(extras) == set(names) <= there.kind.brings
    assert [(one["label"], one["speaker"], one["start"]) for one in extras["sentiment"]] == [
        ("positive", "A", 0.5),
        ("negative", "B", 3.0),
    ]
    assert extras["entities"] == [{"text": "Grace Hopper", "kind": "person_name", "start": 1.4, "end": 2.2}]
    assert extras["topics"] == [{"text": "Technology&Computing>ArtificialIntelligence", "relevance": 0.9}]
    assert extras["content_safety"] == [{"label": "alcohol", "confidence": 0.9, "start": 3.0, "end": 4.25}]
    assert extras["key_phrases"] == [{"text": "terrible", "count": 1}, {"text": "everywhere", "count": 1}]
    assert [(one["start"], one["end"], one["text"]) for one in extras["chapters"]] == [
        (0.5, 2.2, "Hello, I love Grace Hopper."),
        (3.0, 4.25, "Terrible beer everywhere."),
    ]
    assert extras["chapters"][0]["title"] == "Hello, I love Grace Hopper"
    assert extras["summary"].startswith("Hello, I love")
    assert json.loads(json.dumps(extras)) == extras
    assert there.cloud.refusals == []


def test_a_summary_alone_brings_no_chapters(there):
    assert set(there.hear(summary=True).extras) == {"summary"}


def test_what_was_taken_out_of_the_words_is_said(there):
    heard = there.hear(redact_pii=True, redact_pii_policies=["person_name"])
    assert [word.text for word in heard.words][3:5] == ["[PERSON_NAME]", "[PERSON_NAME]"]
    assert "person_name" in heard.extras["notes"][0]


def test_where_nobody_speaks_there_are_no_words(there):
    heard = there.engine().transcribe(there.silence(), Request(), ignored)
    assert (heard.words, heard.turns) == ((), ())


def test_that_no_language_is_heard_is_silence_and_no_failure(there, cloud):
    cloud.fail("language_detection cannot be performed on files with no spoken audio.")
    heard = there.hear()
    assert (heard.words, heard.language) == ((), "und")
    assert "set its language" in heard.extras["notes"][0]
    assert len(cloud.jobs) == 1


def test_what_is_too_short_for_a_word_is_not_sent(there, cloud):
    told = []
    assert there.hear(told.append, seconds=0.1).words == ()
    assert (cloud.uploads, told) == ({}, [1.0])


def test_the_shortest_that_the_service_takes_is_sent(there, cloud):
    there.hear(seconds=0.2)
    assert [upload.audio.seconds for upload in cloud.uploads.values()] == [0.2]


# ---- what is asked


@pytest.mark.parametrize(
    ("tag", "code", "written"),
    [
        ("de", "de", "de"),
        ("EN-us", "en_us", "en-us"),
        ("en-GB", "en_uk", "en-GB"),
        ("pt-BR", "pt", "pt-BR"),
        ("jv", "jw", "jv"),
        ("zh-Hant-TW", "zh", "zh-Hant-TW"),
    ],
)
def test_a_language_is_sent_as_its_code_and_comes_back_as_it_was_asked_for(there, tag, code, written):
    assert there.hear(asked={"language": tag}).language == written
    assert there.bodies[0]["language_code"] == code
    assert "language_detection" not in there.bodies[0]


def test_every_language_that_is_promised_has_a_code():
    from daemon.speech.engines.assemblyai import languages

    assert None not in {languages.code_of(tag) for tag in ENGINES["assemblyai"].languages}
    assert {languages.tag_of(code) for code in languages.CODES} <= ENGINES["assemblyai"].languages


def test_a_language_that_it_does_not_know_is_named_and_nothing_is_sent(there, cloud):
    with pytest.raises(AskHuman, match="tlh"):
        there.hear(asked={"language": "tlh"})
    assert cloud.requests == {}


def test_a_detected_language_is_told_as_bcp_47(there, cloud):
    cloud.say([["Halo", 1, 2]], language="jw")
    assert there.hear().language == "jv"


def test_terms_are_bounded_to_what_the_service_takes(there):
    terms = (
        "",
        "Ada Lovelace",
        "one two three four five six seven",
        "Ada  Lovelace",
        *map("term{}".format, range(1200)),
    )
    heard = there.hear(asked={"terms": terms})
    sent = there.bodies[0]["keyterms_prompt"]
    assert (len(sent), sent[:2]) == (1000, ["Ada Lovelace", "term0"])
    assert "202 of the terms" in heard.extras["notes"][0]
    assert there.cloud.refusals == []


def test_universal_2_takes_fewer_terms_and_no_description(there):
    there.hear(models=["universal-2"], asked={"terms": tuple(map("term{}".format, range(300)))})
    there.receipts.keep("")
    there.hear(models=["universal-2"], asked={"context": "A talk about compilers."})
    assert len(there.bodies[0]["keyterms_prompt"]) == 200
    assert {"prompt", "keyterms_prompt"} & set(there.bodies[-1]) == set()


def test_what_it_is_about_is_sent_only_where_there_are_no_terms(there):
    there.hear(asked={"context": "A talk\nabout compilers."})
    there.receipts.keep("")
    there.hear(asked={"context": "A talk about compilers.", "terms": ("Ada",)})
    assert [body.get("prompt") for body in there.bodies] == ["A talk about compilers.", None]


@pytest.mark.parametrize(
    ("speakers", "sent"),
    [
        ((2, 2), {"speakers_expected": 2}),
        ((1, 4), {"speaker_options": {"min_speakers_expected": 1, "max_speakers_expected": 4}}),
        ((12, 12), {"speaker_options": {"min_speakers_expected": 12, "max_speakers_expected": 12}}),
    ],
)
def test_how_many_speak_is_sent(there, speakers, sent):
    there.hear(asked={"speakers": speakers})
    assert sent.items() <= there.bodies[0].items()
    assert there.cloud.refusals == []


def test_the_sound_is_sent_whole_and_without_loss(there, cloud):
    there.hear(seconds=25.3)
    upload = next(iter(cloud.uploads.values()))
    assert (upload.audio.seconds, upload.audio.channels, upload.data[:4]) == (pytest.approx(25.3), 1, b"fLaC")


def test_progress_rises_from_the_upload_to_the_end(there, cloud):
    cloud.set_pace(polls=5)
    told = []
    there.hear(told.append, seconds=120)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0.05 < fraction <= 0.3 for fraction in told)
    assert any(0.3 < fraction <= 0.95 for fraction in told)


# ---- paid once


def test_the_id_is_kept_before_it_is_waited_for(there, cloud):
    cloud.fault("transcript.get", "status", value=401)
    with pytest.raises(AskHuman):
        there.hear()
    assert there.receipts.all[-1] == next(iter(cloud.jobs.values())).id


def test_who_comes_again_waits_for_the_same_job_and_uploads_nothing(there, cloud):
    cloud.set_pace(seconds=30)
    with pytest.raises(Cancelled):
        there.hear(
            cancelled_when(lambda: cloud.jobs and there.receipts.receipt in {job.id for job in cloud.jobs.values()})
        )
    next(iter(cloud.jobs.values())).submitted -= 30
    assert len(there.hear().words) == len(TALK)
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


def test_a_finished_job_is_had_again_for_nothing(there, cloud):
    assert there.hear() == there.hear()
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


@pytest.mark.parametrize("kind", ["cut_after", "truncated"])
def test_a_job_whose_id_was_lost_on_the_line_is_found_again(there, cloud, kind):
    cloud.fault("transcript.create", kind)
    with pytest.raises(TryLater):
        there.hear()
    assert len(there.hear().words) == len(TALK)
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


def test_a_submission_that_never_arrived_is_made_without_another_upload(there, cloud):
    cloud.fault("transcript.create", "cut_before")
    with pytest.raises(TryLater):
        there.hear()
    assert len(there.hear().words) == len(TALK)
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


def test_a_lost_submission_is_made_again_where_there_is_no_list(there, cloud):
    cloud.fault("transcript.create", "cut_before")
    cloud.fault("transcript.list", "status", value=404)
    with pytest.raises(TryLater):
        there.hear()
    assert len(there.hear().words) == len(TALK)


def test_the_sound_is_prepared_bit_by_bit_so_that_it_can_be_cancelled(there):
    told = []
    with tempfile.TemporaryFile() as file:
        sound.write(there.audio(600.0), file, lambda share: told.append((share, file.tell())))
    sizes = [size for _, size in told]
    assert told[-1][0] == 1.0
    assert 0 < sizes[len(sizes) // 2] < 0.8 * sizes[-1]


class KeptInFile(Kept):
    """Receipts in a file, for a process that is killed."""

    def __init__(self, path):
        super().__init__(path.read_text() if path.exists() else None)
        self.path = path

    def keep(self, receipt):
        self.path.write_text(receipt)


def transcribing(url, path):
    """The work of a daemon, as a process of its own."""
    with_options = Options(base_url=url, poll_seconds=0.02).model_dump(mode="json") | {API_KEY: KEY}
    engine, sound = ENGINES["assemblyai"].load(with_options), Audio(tone(1, SAMPLE_RATE), SAMPLE_RATE, 1.0)
    engine.transcribe(sound, Request(receipts=KeptInFile(path)), ignored)


@pytest.mark.parametrize(("operation", "kind"), [("transcript.create", "hold_after"), ("transcript.get", "hold")])
def test_a_daemon_that_is_killed_during_a_paid_job_does_not_pay_again(there, cloud, tmp_path, operation, kind):
    cloud.fault(operation, kind)
    path = tmp_path / "receipt"
    process = multiprocessing.get_context("spawn").Process(target=transcribing, args=(there.url, path))
    process.start()
    assert cloud.faults.wait_until_held(operation, timeout=30)
    process.kill()
    process.join()
    there.receipts = KeptInFile(path)
    assert len(there.hear().words) == len(TALK)
    assert (cloud.executed["upload"], cloud.executed["transcript.create"]) == (1, 1)


@pytest.mark.parametrize("receipt", [UNKNOWN_ID, "../../v2/upload", "submitting nowhere", "submitting ", "a b"])
def test_a_receipt_of_nothing_is_forgotten_and_the_job_begun_anew(there, cloud, receipt):
    there.receipts.receipt = receipt
    assert len(there.hear().words) == len(TALK)
    assert there.receipts.all[0] == ""
    assert cloud.executed["transcript.create"] == 1


def test_a_deleted_job_is_begun_anew(there, cloud):
    there.hear()
    for job in cloud.jobs.values():
        job.deleted = True
    assert len(there.hear().words) == len(TALK)
    assert cloud.executed["transcript.create"] == 2


def test_a_job_that_failed_earlier_is_begun_anew_once(there, cloud):
    cloud.fail("Internal error.", times=2)
    with pytest.raises(TryLater, match=r"Internal error\."):
        there.hear()
    assert there.receipts.receipt == ""
    there.receipts.receipt = next(iter(cloud.jobs.values())).id
    with pytest.raises(TryLater, match=r"Internal error\."):
        there.hear()
    assert len(cloud.jobs) == 2


def test_an_upload_that_is_gone_is_made_anew(there, cloud):
    cloud.fault("transcript.create", "cut_before")
    with pytest.raises(TryLater):
        there.hear()
    for upload in cloud.uploads.values():
        upload.deleted = True
    assert len(there.hear().words) == len(TALK)
    assert cloud.executed["upload"] == 2


# ---- cancelled


class Stuck:
    """A progress that raises once the upload has begun, and nothing more of it has gone out for a while."""

    def __init__(self):
        self.fraction = self.since = 0

    def __call__(self, fraction):
        if fraction > self.fraction:
            self.fraction, self.since = fraction, time.monotonic()
        if fraction > 0.05 and time.monotonic() - self.since > 0.5:
            raise Cancelled


def cancelled_when(happened):
    """A progress that raises once something has happened."""

    def progress(_):
        if happened():
            raise Cancelled

    return progress


@pytest.mark.parametrize(
    ("operation", "asked_for"),
    [("upload", {}), ("transcript.create", {}), ("transcript.get", {}), (None, {"seconds": 60})],
)
def test_whatever_progress_raises_ends_it_at_once(there, cloud, operation, asked_for):
    if operation:
        there.hangs(operation)
    else:
        cloud.set_pace(**asked_for)  # it is looked at every hour
    came = (lambda: cloud.faults.held().get(operation)) if operation else (lambda: cloud.requests["transcript.get"])
    cancelled = []

    def progress(_):
        if came():
            cancelled.append(time.monotonic())
            raise Cancelled

    with pytest.raises(Cancelled):
        there.hear(progress, timeout_seconds=60, poll_seconds=3600)
    assert time.monotonic() - cancelled[0] < QUICK


def test_an_upload_that_the_other_side_does_not_take_can_be_cancelled(there):
    """A server that accepts, and reads nothing: the line is full, and no piece of the file goes out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck, address = Stuck(), f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(Cancelled):
            there.hear(stuck, seconds=600, base_url=address, timeout_seconds=30)
        assert time.monotonic() - stuck.since < 0.5 + QUICK
    assert 0.05 < stuck.fraction < 0.3  # as much as was sent


# ---- trouble


def test_a_short_trouble_while_waiting_is_lived_through(there, cloud):
    for kind, value in (("status", 503), ("rate", 0), ("cut_before", None), ("html", 200), ("truncated", None)):
        cloud.fault("transcript.get", kind, value=value)
        assert len(there.hear().words) == len(TALK)
    assert cloud.executed["transcript.create"] == 1


def test_a_long_trouble_while_waiting_is_for_later_and_the_job_is_kept(there, cloud):
    cloud.fault("transcript.get", "status", times=None, value=500)
    with pytest.raises(TryLater, match="500"):
        there.hear()
    cloud.clear()
    assert len(there.hear().words) == len(TALK)
    assert cloud.executed["transcript.create"] == 1


@pytest.mark.parametrize("operation", ["upload", "transcript.create", "transcript.get"])
def test_who_is_told_when_to_come_back_comes_back_then(there, cloud, operation):
    cloud.fault(operation, "rate", times=None, value=120)
    with pytest.raises(TryLater) as caught:
        there.hear()
    assert caught.value.after == timedelta(seconds=120)
    assert cloud.requests[operation] == 1


@pytest.mark.parametrize("operation", ["upload", "transcript.create", "transcript.get"])
@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [
        (401, AskHuman, "captiond secret set assemblyai-api-key"),
        (402, AskHuman, "top up"),
        (403, AskHuman, "captiond secret set assemblyai-api-key"),
        (429, TryLater, "429"),
        (500, TryLater, "500"),
        (503, TryLater, "503"),
    ],
)
def test_a_status_is_translated_wherever_it_comes(there, cloud, operation, status, kind, says):
    cloud.fault(operation, "status", times=None, value=status)
    with pytest.raises(kind, match=says) as caught:
        there.hear()
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("operation", ["upload", "transcript.create"])
def test_an_account_without_money_is_for_a_person_and_nothing_is_owed(there, cloud, operation):
    cloud.fault(operation, "status", value=400)  # the service's sentence for it is one of its 400s
    with pytest.raises(AskHuman, match=r"top up.*balance is negative"):
        there.hear()
    assert not there.receipts.receipt


@pytest.mark.parametrize("kind", ["html", "empty", "garbage", "truncated", "cut_before", "cut_after"])
@pytest.mark.parametrize("operation", ["upload", "transcript.create", "transcript.get"])
def test_an_answer_that_is_no_json_is_for_later(there, cloud, operation, kind):
    cloud.fault(operation, kind, times=None)
    with pytest.raises(TryLater, match="AssemblyAI"):
        there.hear(poll_seconds=0.001)


def test_a_wrong_key_is_for_a_person_and_is_not_said(there):
    with pytest.raises(AskHuman, match="captiond secret set assemblyai-api-key") as caught:
        there.hear(**{API_KEY: "a-wrong-key-of-somebody"})
    assert "a-wrong-key" not in str(caught.value)


@pytest.mark.parametrize("key", ["schlüssel-geheim", "geheim\nX-Other: 1", " geheim"])
def test_a_key_that_cannot_be_one_is_for_a_person_and_is_not_said(there, cloud, key):
    with pytest.raises(AskHuman, match="captiond secret set") as caught:
        there.hear(**{API_KEY: key})
    assert "geheim" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert cloud.requests == {}


def test_a_model_that_the_service_does_not_take_is_for_a_person(there):
    with pytest.raises(AskHuman, match="universal-3-pro"):
        there.hear(models=["universal-3-pro"])


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        ("Transcoding failed. File does not appear to contain audio.", GiveUp),
        ("Audio duration is too long.", GiveUp),
        ("Download error, unable to download https://x. Please make sure the file exists.", TryLater),
        ("Internal server error", TryLater),
        ("Something new", TryLater),
        ("Your current account balance is negative.", AskHuman),
        ("The following models are not available in this language: speaker_labels", AskHuman),
    ],
)
def test_a_job_that_fails_is_an_error_by_what_it_says_and_its_receipt_is_forgotten(there, cloud, failure, kind):
    cloud.fail(failure)
    with pytest.raises(kind, match=failure[:20]):
        there.hear()
    assert there.receipts.receipt == ""


def test_a_service_that_is_not_there_is_for_later(there):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with pytest.raises(TryLater, match="could not be reached"):
        there.hear(base_url=address)


def test_a_job_that_never_ends_is_looked_at_again_later(there, cloud):
    cloud.set_pace(seconds=3600)
    engine = AssemblyAI(Options(base_url=there.url, poll_seconds=0.05), KEY, longest_wait=0.3)
    with pytest.raises(TryLater, match="not done"):
        engine.transcribe(there.audio(), Request(receipts=there.receipts), ignored)
    assert there.receipts.receipt in {job.id for job in cloud.jobs.values()}


# ---- answers of another server


@pytest.mark.parametrize(
    ("body", "status", "kind", "error", "says"),
    [
        (b"<html>404</html>", 404, HTML, AskHuman, "base_url"),
        (b"<html>Blocked by a proxy</html>", 403, HTML, TryLater, "403"),
        (b"<html>moved</html>", 302, HTML, TryLater, "302"),
        ({"error": "Unsupported keyterms."}, 400, "application/json", GiveUp, "Unsupported keyterms."),
        ({"error": f"the key {KEY} is bad"}, 422, "application/json", GiveUp, "«secret»"),
        ({"error": {"no": "text"}}, 400, "application/json", TryLater, "400"),
        ({"error": "Too large"}, 413, "application/json", GiveUp, "too large"),
        ([1, 2], 200, "application/json", TryLater, "JSON"),
        (b"[" * 100_000, 200, "application/json", TryLater, "JSON"),
        ({"upload_url": None}, 200, "application/json", TryLater, "without what was asked for"),
        ({"upload_url": "file:///etc/passwd"}, 200, "application/json", TryLater, "without what was asked for"),
        ({"upload_url": "http://x/1", "id": "../../secret"}, 200, "application/json", TryLater, "without what"),
    ],
)
def test_what_another_server_answers_is_translated(there, body, status, kind, error, says):
    with answering(body, status, kind) as address, pytest.raises(error, match=says) as caught:
        there.hear(base_url=address)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("5", 5), ("0.5", 0.5), ("-1", None), ("soon", None), ("nan", None), ("inf", None), (None, None),
     ("9" * 400, None), ("Wed, 01 Jan 2020 00:00:00 GMT", None), ("1000000", 86_400),
     ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400)],
)  # fmt: skip
def test_when_to_come_back_is_read_from_seconds_or_a_date(header, seconds):
    assert refusals.after(header) == (None if seconds is None else timedelta(seconds=seconds))


# ---- strange answers


def test_what_is_new_in_an_answer_breaks_nothing(there, cloud):
    changed = {
        "entities.0.entity_type": "dinner",
        "speech_model": "universal-3-5-pro",
        "speech_model_used": None,
        "a_new_field": {"deep": [[]]},
        "audio_duration": 2.5,
        "language_code": "xx_yyyy",
    }
    cloud.alter("transcript.get", changed)
    heard = there.hear(entities=True)
    assert heard.extras["entities"][0]["kind"] == "dinner"
    assert (len(heard.words), heard.language) == (len(TALK), "und")


def test_nulls_and_missing_fields_leave_words_within_the_audio(there, cloud):
    cloud.alter("transcript.get", {"words.*.start": None, "utterances": None}, ["words.*.confidence", "confidence"])
    heard = there.hear()
    assert [word.text for word in heard.words] == [word[0] for word in TALK]
    assert all(0 <= word.start <= word.end <= 8 for word in heard.words)
    assert "8 of 8 words" in heard.extras["notes"][0]
    assert [turn.speaker for turn in heard.turns] == ["A", "B"]


def test_words_of_a_megabyte_are_cut(there, cloud):
    cloud.say([["a" * 1_000_000, 0, 1], ["\x1b[31mred\x1b[0m", 1, 2], [" \u202e ", 2, 3]])
    assert [len(word.text) for word in there.hear().words] == [200, 3]


def test_times_beyond_the_end_and_reversed_ones_are_mended(there, cloud):
    cloud.say([["one", 1, 2], ["two", 90, 91], ["three", 4, 3], ["four", -1, 0], ["five", 7.5, 9]])
    heard = there.hear()
    assert [word.text for word in heard.words] == ["one", "two", "three", "four", "five"]
    assert [word.start for word in heard.words] == [1, 2, 4, 4.5, 7.5]
    assert heard.words[-1].end == 8


# ---- what it says of itself


def test_without_a_key_it_says_how_to_set_one(there):
    options = Options().model_dump(mode="json")
    assert there.kind.why_not(options) == "there is no key of AssemblyAI: captiond secret set assemblyai-api-key"
    assert there.kind.why_not({**options, API_KEY: KEY}) == ""
    for wrong in ({}, {API_KEY: ""}, {API_KEY: None}):
        with pytest.raises(AskHuman, match="captiond secret set assemblyai-api-key"):
            there.kind.load({**options, **wrong})


def test_it_is_a_cloud_that_says_what_it_brings(there):
    kind = there.kind
    assert (kind.local, kind.secret, kind.maximum_seconds) == (False, "assemblyai-api-key", 36_000)
    assert kind.is_here(there.options())
    assert kind.price_per_hour(there.options(price_per_hour=0.25)) == 0.25
    assert {"zh", "en", "jv", "nb"} <= kind.languages
    assert "jw" not in kind.languages


def test_the_key_does_not_shape_the_words(there):
    assert set(there.kind.shaping(there.options())) == set(Options.model_fields) - {
        "base_url",
        "price_per_hour",
        "poll_seconds",
        "timeout_seconds",
        "at_once",
        "multichannel",
    }
    assert there.kind.shaping(there.options(multichannel=True))["multichannel"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": "universal"},
        {"models": []},
        {"models": [""]},
        {"base_url": "api.assemblyai.com"},
        {"redact_pii": True},
        {"redact_pii_policies": ["Person Name"]},
        {"poll_seconds": 0},
        {"at_once": 0},
        {"at_once": 33},
        {"price_per_hour": -1},
    ],
)
def test_options_that_make_no_sense_are_refused(there, wrong):
    with pytest.raises(ValidationError):
        there.engine(**wrong)


def test_it_works_for_those_who_keep_no_receipts(there):
    heard = there.engine().transcribe(there.audio(), Request(receipts=NoReceipts()), ignored)
    assert len(heard.words) == len(TALK)


def test_one_engine_may_transcribe_two_recordings_at_once(there):
    engine, heard = there.engine(), []
    work = [
        threading.Thread(
            target=lambda: heard.append(engine.transcribe(there.audio(), Request(receipts=Kept()), ignored).words)
        )
        for _ in range(2)
    ]
    for one in work:
        one.start()
    for one in work:
        one.join(20)
    assert [len(words) for words in heard] == [len(TALK)] * 2
