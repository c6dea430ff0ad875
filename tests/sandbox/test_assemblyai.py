"""The loopback AssemblyAI, met by its SDK."""

import hashlib
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import assemblyai as aai
import httpx
import pytest
import requests

from sandbox.assemblyai import API_KEY, OPERATIONS, AssemblyAI, make_app, running
from sandbox.assemblyai.contract import ENTITIES, FIELDS, MODELS
from sandbox.assemblyai.findings import SENSITIVE
from tests.sandbox.sounds import TALK, babble, tell, wav

pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")  # the SDK calls .copy, .dict, …

ROOT = Path(__file__).parents[2]
SOUND = wav(8)
TEXT = "Hello, I love Grace Hopper. Terrible beer everywhere."
EVERYTHING = {
    "language_detection": True,
    "punctuate": True,
    "format_text": True,
    "keyterms_prompt": ["Ada Lovelace"],
    "speaker_labels": True,
    "speakers_expected": 2,
    "sentiment_analysis": True,
    "entity_detection": True,
    "auto_highlights": True,
    "iab_categories": True,
    "content_safety": True,
}


@pytest.fixture
def assemblyai():
    return AssemblyAI()


@pytest.fixture
def url(assemblyai):
    with running(make_app(assemblyai)) as address:
        yield address


@pytest.fixture
def connect(url):
    """Makes a client of the SDK."""
    made = []

    def make(api_key=API_KEY):
        settings = aai.Settings(api_key=api_key, base_url=url, polling_interval=0.01, http_timeout=5)
        made.append(aai.Client(settings=settings))
        return made[-1]

    yield make
    for client in made:
        client.http_client.close()


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def transcribe(client):
    """Transcribes a sound, as a request of the SDK asks for it."""

    def make(sound=SOUND, **asked):
        config = aai.TranscriptionConfig(**{"speech_models": list(MODELS), **asked})
        return aai.Transcriber(client=client, config=config).transcribe(sound)

    return make


@pytest.fixture
def post(url):
    """Sends a request for a transcript of a sound that is there, without the SDK."""
    uploaded = requests.post(f"{url}/v2/upload", data=SOUND, headers={"authorization": API_KEY}, timeout=10).json()

    def make(**body):
        whole = {"audio_url": uploaded["upload_url"], "speech_models": ["universal-2"], **body}
        return requests.post(f"{url}/v2/transcript", json=whole, headers={"authorization": API_KEY}, timeout=10)

    return make


# ---- what is said


def test_what_is_said_is_what_is_transcribed(assemblyai, transcribe):
    assemblyai.say(TALK)
    transcript = transcribe()
    assert (transcript.status, transcript.text) == (aai.TranscriptStatus.completed, TEXT)
    assert [(word.start, word.end) for word in transcript.words[:2]] == [(500, 900), (1000, 1100)]
    assert transcript.audio_duration == 8
    assert assemblyai.refusals == []


def test_a_text_is_spread_over_the_audio(assemblyai, transcribe):
    assemblyai.say(text="one two three four")
    assert [word.start for word in transcribe().words] == [0, 2000, 4000, 6000]


def test_where_nothing_is_said_there_are_no_words(transcribe):
    transcript = transcribe()
    assert (transcript.status, transcript.text, transcript.words) == (aai.TranscriptStatus.completed, "", [])


def test_what_is_said_once_is_followed_by_what_is_said_always(assemblyai, transcribe):
    assemblyai.say(text="first", times=1)
    assemblyai.say([], "never", times=None)
    assemblyai.say(text="once", times=1)
    assert [transcribe().text for _ in range(2)] == ["never", "never"]


def test_a_piece_of_a_recording_has_its_own_words_at_its_own_times(assemblyai, transcribe, tmp_path):
    samples = babble(8)
    recording = tmp_path / "whole.wav"
    recording.write_bytes(wav(8, samples=samples))
    assemblyai.say(TALK, recording=str(recording))
    piece = transcribe(wav(3, samples=samples[2 * 8000 * 2 :]))
    assert piece.text == "Hopper. Terrible beer everywhere."
    assert [word.start for word in piece.words[1:]] == [1000, 1400, 1700]


def test_speakers_are_letters_and_have_utterances(assemblyai, transcribe):
    assemblyai.say(TALK)
    transcript = transcribe(speaker_labels=True)
    assert [(one.speaker, one.start, one.end, len(one.words)) for one in transcript.utterances] == [
        ("A", 500, 2200, 5),
        ("B", 3000, 4250, 3),
    ]
    assert {word.speaker for word in transcript.words} == {"A", "B"}


def test_speakers_are_not_told_unless_asked_for(assemblyai, transcribe):
    assemblyai.say(TALK)
    transcript = transcribe()
    assert transcript.utterances is None
    assert {word.speaker for word in transcript.words} == {None}


def test_channels_are_numbered(assemblyai, transcribe):
    assemblyai.say(TALK)
    transcript = transcribe(wav(8, channels=2), multichannel=True)
    assert [(one.channel, one.speaker) for one in transcript.utterances] == [("1", "1"), ("2", "2")]
    assert [word.channel for word in transcript.words] == ["1"] * 5 + ["2"] * 3
    assert transcript.json_response["audio_channels"] == 2


def test_speakers_on_a_channel_have_its_number_and_a_letter(assemblyai, transcribe):
    assemblyai.say([["One.", 0, 1, "Ada"], ["Two.", 1, 2, "Bob"], ["Three.", 2, 3, "Eve"]])
    transcript = transcribe(wav(8, channels=2), multichannel=True, speaker_labels=True)
    assert [(word.channel, word.speaker) for word in transcript.words] == [("1", "1A"), ("2", "2A"), ("1", "1B")]


def test_channels_of_a_sound_that_has_but_one_are_a_mistake(assemblyai, post):
    assert post(multichannel=True).status_code == 400
    assert assemblyai.refusals == ["POST /v2/transcript: multichannel, for a sound of one channel"]


def test_only_the_asked_time_is_transcribed(assemblyai, transcribe):
    assemblyai.say(TALK)
    assert transcribe(audio_start_from=3000, audio_end_at=3500).text == "Terrible beer"


def test_a_detected_language_is_told_with_its_confidence(assemblyai, transcribe):
    assemblyai.say(text="Hallo", language="de", language_confidence=0.8)
    answer = transcribe(language_detection=True).json_response
    assert (answer["language_code"], answer["language_confidence"]) == ("de", 0.8)
    low = transcribe(language_detection=True, language_confidence_threshold=0.9)
    assert low.status == aai.TranscriptStatus.error
    assert "0.8, is below" in low.error


def test_all_that_may_be_found_is_in_the_shape_of_the_sdk(assemblyai, transcribe):
    assemblyai.say(TALK)
    transcript = transcribe(**EVERYTHING, auto_chapters=True)
    assert [one.sentiment.value for one in transcript.sentiment_analysis] == ["POSITIVE", "NEGATIVE"]
    assert [(one.entity_type.value, one.text) for one in transcript.entities] == [("person_name", "Grace Hopper")]
    assert [one.text for one in transcript.auto_highlights.results] == ["terrible", "everywhere"]
    assert [label.label.value for label in transcript.content_safety.results[0].labels] == ["alcohol"]
    assert len(transcript.iab_categories.results) == 2
    assert [(one.start, one.end) for one in transcript.chapters] == [(500, 2200), (3000, 4250)]
    assert assemblyai.refusals == []


def test_the_labels_of_the_sandbox_are_labels_of_the_sdk():
    assert set(SENSITIVE.values()) <= {one.value for one in aai.types.ContentSafetyLabel}
    assert set(ENTITIES) == {one.value for one in aai.types.EntityType}


def test_every_field_that_the_sdk_can_ask_for_is_known():
    of_answers = {"audio_channels", "language_confidence", "language_detection_results"}
    removed = {"word_boost", "boost_param"}  # the newer models refuse them
    asked = set(aai.types.TranscriptRequest.model_fields) - of_answers - removed
    assert asked == set(FIELDS)


def test_names_and_a_summary_are_understood(assemblyai, transcribe):
    assemblyai.say(TALK)
    wanted = {
        "speaker_identification": {"speaker_type": "name", "known_values": ["Ada", "Bob"]},
        "summarization": {"summary_type": "bullets"},
    }
    answer = transcribe(speaker_labels=True, speech_understanding={"request": wanted}).speech_understanding.response
    assert answer.speaker_identification.mapping == {"A": "Ada", "B": "Bob"}
    assert [(one.start, one.bullets) for one in answer.summarization.summary] == [
        (500, ["Hello, I love Grace Hopper."]),
        (3000, ["Terrible beer everywhere."]),
    ]


@pytest.mark.parametrize(("by", "text"), [("hash", "##### ######."), ("entity_name", "[PERSON_NAME] [PERSON_NAME]")])
def test_personal_information_is_taken_out_by_policy(assemblyai, transcribe, by, text):
    assemblyai.say(TALK)
    redacted = {"redact_pii": True, "redact_pii_policies": ["person_name"], "redact_pii_sub": by}
    transcript = transcribe(**redacted, redact_pii_return_unredacted=True)
    assert transcript.text == f"Hello, I love {text} Terrible beer everywhere."
    assert transcript.json_response["unredacted_text"] == TEXT


# ---- jobs


def test_a_job_is_queued_then_processed_then_done(assemblyai, client):
    assemblyai.set_pace(polls=3)
    config = aai.TranscriptionConfig(speech_models=["universal-2"])
    transcript = aai.Transcriber(client=client, config=config).submit(SOUND)
    seen = [client.http_client.get(f"/v2/transcript/{transcript.id}").json()["status"] for _ in range(5)]
    assert [transcript.status.value, *seen] == [
        "queued",
        "queued",
        "processing",
        "processing",
        "completed",
        "completed",
    ]


def test_a_job_takes_its_time(assemblyai, transcribe):
    assemblyai.set_pace(polls=0, seconds=0.2)
    began = time.monotonic()
    assert transcribe().status == aai.TranscriptStatus.completed
    assert time.monotonic() - began >= 0.2


def test_a_job_is_found_again_by_its_id_and_paid_once(assemblyai, connect):
    config = aai.TranscriptionConfig(speech_models=["universal-2"])
    submitted = aai.Transcriber(client=connect(), config=config).submit(SOUND)
    again = aai.Transcript(transcript_id=submitted.id, client=connect()).wait_for_completion()
    assert again.status == aai.TranscriptStatus.completed
    assert assemblyai.executed["transcript.create"] == 1


def test_a_job_fails_as_the_scene_wants_it(assemblyai, transcribe):
    assemblyai.fail("Transcoding failed.")
    assert [(one.status.value, one.error) for one in (transcribe(), transcribe())] == [
        ("error", "Transcoding failed."),
        ("completed", None),
    ]


@pytest.mark.parametrize(
    ("sound", "error"),
    [
        (b"<html>no audio</html>" * 50, "File does not appear to contain audio"),
        (wav(0.1), "Audio duration is too short."),
        (wav(8.5), "Audio duration is too long."),
        ("https://example.org/a.mp3", "Download error, unable to download https://example.org/a.mp3."),
    ],
)
def test_audio_that_cannot_be_transcribed_is_an_error_of_the_job(assemblyai, transcribe, sound, error):
    assemblyai.longest = 8.2
    transcript = transcribe(sound)
    assert (transcript.status.value, transcript.words) == ("error", None)
    assert transcript.error.startswith(error)


def test_a_deleted_transcript_and_its_upload_are_gone(assemblyai, client, transcribe):
    transcript = transcribe()
    assert client.http_client.delete(f"/v2/transcript/{transcript.id}").json()["audio_url"] == "http://deleted_by_user"
    after = client.http_client.get(f"/v2/transcript/{transcript.id}").json()
    assert (after["status"], after["text"], after["words"]) == ("completed", "Deleted by user.", None)
    assert [one["deleted"] for name in ("uploads", "jobs") for one in assemblyai.state()[name]] == [True, True]


def test_jobs_are_listed_newest_first_in_the_shape_of_the_sdk(assemblyai, client, transcribe):
    made = [transcribe().id for _ in range(3)]
    listed = aai.api.list_transcripts(client.http_client, aai.ListTranscriptParameters(limit=2)).transcripts
    assert [one.id for one in listed] == made[:0:-1]
    assert listed[0].audio_url == list(assemblyai.uploads.values())[-1].url


def test_uploads_are_seen_as_they_came(assemblyai, transcribe, url):
    transcribe()
    state = requests.get(f"{url}/sandbox/state", timeout=10).json()
    upload = state["uploads"][0]
    assert (upload["size"], upload["seconds"]) == (len(SOUND), 8.0)
    assert upload["sha256"] == hashlib.sha256(SOUND).hexdigest()
    assert state["jobs"][0]["request"]["speech_models"] == list(MODELS)
    assert state["executed"] == {"upload": 1, "transcript.create": 1, "transcript.get": 2}


# ---- mistakes


def understand(**tasks):
    return {"speech_understanding": {"request": tasks}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "en"},
        {"audio_url": "sound.wav"},
        {"punctuate": "yes"},
        {"speakers_expected": 11},
        {"speakers_expected": 2.5},
        {"speaker_options": {"min_speakers_expected": 3, "max_speakers_expected": 2}},
        {"keyterms_prompt": ["one two three four five six seven"]},
        {"keyterms_prompt": [""]},
        {"keyterms_prompt": ["term"] * 1001, "speech_models": ["universal-3-5-pro"]},
        {"keyterms_prompt": ["term"] * 201},
        {"redact_pii": True},
        {"redact_pii": True, "redact_pii_policies": ["person"]},
        {"language_code": "English"},
        {"language_confidence_threshold": 2},
        {"audio_start_from": 5, "audio_end_at": 5},
        {"auto_chapters": True, "summarization": True},
        {"word_boost": ["Ada"]},
        understand(speaker_identification={"speaker_type": "name"}),
        understand(speaker_identification={"speaker_type": "role"}) | {"speaker_labels": True},
        understand(summarization={"summary_type": "long"}),
    ],
)
def test_a_wrong_request_is_refused_and_remembered(assemblyai, post, wrong):
    answer = post(**wrong)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert len(assemblyai.refusals) == 1
    assert assemblyai.jobs == {}


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"speech_models": []}, '"speech_models" must be a non-empty list'),
        ({"speech_models": None}, '"speech_models" must be a non-empty list'),
        ({"speech_models": ["nano"]}, '"speech_models" must be a non-empty list'),
        ({"speech_models": ["universal-3-pro"]}, 'The "universal-3-pro" speech model(s) have been deprecated.'),
        ({"speech_model": "universal"}, '"speech_model" is deprecated.'),
        ({"language_code": "en", "language_detection": True}, "language_detection is not available"),
    ],
)
def test_a_refusal_says_what_the_service_says(post, wrong, text):
    assert post(**wrong).json()["error"].startswith(text)


def test_the_sdk_learns_why_its_request_is_refused(transcribe):
    with pytest.raises(aai.TranscriptError, match=r"must be a non-empty list") as caught:
        transcribe(speech_models=["best"])
    assert caught.value.status_code == 400


def test_what_is_not_played_is_not_made_up(post):
    answer = post(webhook_url="http://127.0.0.1/hook")
    assert (answer.status_code, answer.json()["error"]) == (501, "The sandbox does not play webhook_url.")


def test_a_wrong_key_is_refused(assemblyai, connect):
    with pytest.raises(aai.TranscriptError, match="API token missing/invalid") as caught:
        aai.Transcriber(client=connect("another")).transcribe(SOUND)
    assert caught.value.status_code == 401
    assert (assemblyai.refusals, assemblyai.uploads) == ([], {})


def test_a_key_can_be_revoked(url, transcribe):
    transcribe()
    tell(url, "key", key="a new one")
    with pytest.raises(aai.TranscriptError, match="API token missing/invalid"):
        transcribe()


@pytest.mark.parametrize("headers", [{}, {"authorization": f"Bearer {API_KEY}"}])
def test_a_key_that_is_sent_wrongly_is_a_mistake(assemblyai, url, headers):
    answer = requests.post(f"{url}/v2/upload", data=SOUND, headers=headers, timeout=10)
    assert (answer.status_code, len(assemblyai.refusals)) == (401, 1)


def test_an_upload_is_bytes(assemblyai, url):
    files = {"file": SOUND}
    answers = [
        requests.post(f"{url}/v2/upload", headers={"authorization": API_KEY}, timeout=10, **body)
        for body in ({"files": files}, {"data": b""})
    ]
    assert [one.status_code for one in answers] == [400, 400]
    assert assemblyai.uploads == {}


def test_an_unknown_id_is_refused(client):
    with pytest.raises(aai.TranscriptError, match="transcript id not found") as caught:
        aai.Transcript(transcript_id="none", client=client).wait_for_completion()
    assert caught.value.status_code == 400


def test_null_is_as_good_as_nothing(assemblyai, post):
    assert post(language_code=None, language_detection=True).status_code == 200
    assert "language_code" not in assemblyai.state()["jobs"][0]["request"]


def test_a_body_must_be_json(assemblyai, url):
    for headers in ({"content-type": "application/json"}, {}):
        headers = {"authorization": API_KEY, **headers}
        assert requests.post(f"{url}/v2/transcript", data="{", headers=headers, timeout=10).status_code == 400
    assert len(assemblyai.refusals) == 2


# ---- trouble


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
@pytest.mark.parametrize("operation", ["upload", "transcript.create", "transcript.get"])
def test_a_status_reaches_the_sdk(assemblyai, transcribe, operation, status):
    assemblyai.fault(operation, "status", value=status)
    with pytest.raises(aai.TranscriptError) as caught:
        transcribe()
    assert caught.value.status_code == status
    assert assemblyai.executed[operation] == 0


def test_a_rate_limit_says_when_to_come_back(assemblyai, client, transcribe):
    assemblyai.fault("transcript.get", "rate", value=2)
    with pytest.raises(aai.TranscriptError):
        transcribe()
    assert (client.last_response.status_code, client.last_response.headers["Retry-After"]) == (429, "2")


@pytest.mark.parametrize("kind", ["html", "empty", "garbage", "truncated"])
def test_an_answer_that_is_no_json_reaches_the_sdk(assemblyai, transcribe, kind):
    assemblyai.fault("transcript.get", kind)
    with pytest.raises(ValueError, match=r"."):  # of json, or of its decoding: the SDK has no error for it
        transcribe()


@pytest.mark.parametrize(("kind", "executed"), [("cut_before", 0), ("cut_after", 1)])
def test_a_connection_that_is_cut_is_an_error_of_the_line(assemblyai, transcribe, kind, executed):
    assemblyai.fault("transcript.create", kind)
    with pytest.raises(httpx.RemoteProtocolError):
        transcribe()
    assert len(assemblyai.jobs) == executed


def test_a_held_request_is_let_go(assemblyai, transcribe, url):
    assemblyai.say(text="patience")
    tell(url, "fault", operation="transcript.create", kind="hold_after")
    texts = []
    thread = threading.Thread(target=lambda: texts.append(transcribe().text))
    thread.start()
    assert requests.get(f"{url}/sandbox/held?operation=transcript.create", timeout=10).json() == {"held": True}
    assert (len(assemblyai.jobs), texts) == (1, [])
    assert tell(url, "release") == {"released": 1}
    thread.join(10)
    assert texts == ["patience"]


def test_a_slow_answer_is_slow(assemblyai, transcribe):
    assemblyai.fault("*", "slow", times=1, value=0.1)
    began = time.monotonic()
    transcribe()
    assert time.monotonic() - began >= 0.1


def test_times_that_make_no_sense_are_answered_as_they_are_said(assemblyai, transcribe):
    assemblyai.say([["after", 90, 91], ["before", 3, 2], ["before", -1, 0]])
    assert [(word.start, word.end) for word in transcribe().words] == [(90000, 91000), (3000, 2000), (-1000, 0)]


def test_no_fault_can_be_asked_for_that_cannot_be(url):
    for wrong in ({"operation": "lemur", "kind": "hold"}, {"operation": OPERATIONS[0], "kind": "explode"}):
        assert requests.post(f"{url}/sandbox/fault", json=wrong, timeout=10).status_code == 400


# ---- strange answers


def strange(url, **change):
    tell(url, "alter", operation="transcript.get", **change)


def test_an_entity_of_a_new_type_breaks_the_sdk_but_not_the_answer(assemblyai, client, transcribe, url):
    assemblyai.say(TALK)
    strange(url, put={"entities.0.entity_type": "dinner"})
    with pytest.raises(ValueError, match="entity_type"):
        transcribe(entity_detection=True)
    assert client.last_response.json()["entities"][0]["entity_type"] == "dinner"


def test_an_echoed_model_of_a_new_name_breaks_the_sdk(transcribe, url):
    strange(url, put={"speech_model": "universal-3-5-pro"})
    with pytest.raises(ValueError, match="speech_model"):
        transcribe()


def test_starts_may_be_null_and_fields_missing_or_more(assemblyai, client, transcribe, url):
    assemblyai.say(TALK)
    strange(url, put={"words.*.start": None, "a_new_field": {"deep": []}}, drop=["confidence", "words.0"])
    transcript = transcribe()
    assert {word.start for word in transcript.words} == {0}
    assert len(transcript.words) == len(TALK) - 1
    answer = client.last_response.json()
    assert "confidence" not in answer
    assert answer["a_new_field"] == {"deep": []}


def test_what_is_waited_for_does_not_use_a_change_up(assemblyai, transcribe, url):
    assemblyai.set_pace(polls=3)
    strange(url, put={"text": "changed"})
    assert [transcribe().text, transcribe().text] == ["changed", ""]


# ---- as a process


def test_it_is_a_process_of_its_own():
    command = [sys.executable, "-m", "sandbox.assemblyai", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process:
        address = json.loads(process.stdout.readline())["url"]
        assert requests.get(f"{address}/sandbox/state", timeout=10).json()["uploads"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
