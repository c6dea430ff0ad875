"""The loopback Gemini, met by google-genai."""

import base64
import hashlib
import io
import json
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx2
import pydantic
import pytest
import requests
from google import genai
from google.genai import errors, types

from sandbox.gemini import API_KEY, OPERATIONS, Gemini, make_app, running
from sandbox.gemini.contract import GENERAL, TRANSCRIBE
from sandbox.gemini.state import BLOCK_REASONS, FINISH_REASONS
from tests.sandbox.sounds import babble, tell, wav

ROOT = Path(__file__).parents[2]
FLASH = GENERAL[0]
SOUND = wav(8)
WORDS = [
    ["Hello,", 0.5, 0.9, "Ada"],
    ["Grace.", 1.0, 1.5, "Ada"],
    ["Hello", 2.0, 2.25, "Grace"],
    ["Ada.", 2.25, 3, "Grace"],
]
TEXT = "Hello, Grace. Hello Ada."
DETAILED = {"word_timestamp": True, "diarization": True}


class Segment(pydantic.BaseModel):
    start: float
    end: float
    speaker: str | None
    text: str


class Transcript(pydantic.BaseModel):
    language: str
    segments: list[Segment]


@pytest.fixture
def gemini():
    return Gemini()


@pytest.fixture
def url(gemini):
    with running(make_app(gemini)) as address:
        yield address


@pytest.fixture
def connect(url):
    """Makes a client of the SDK."""
    made = []

    def make(api_key=API_KEY, **options):
        wanted = types.HttpOptions(base_url=url, timeout=5000, **options)
        made.append(genai.Client(api_key=api_key, http_options=wanted))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def upload(client):
    """Uploads a sound and waits until it can be used."""

    def make(sound=SOUND):
        file = client.files.upload(file=io.BytesIO(sound), config={"mime_type": "audio/wav"})
        while file.state is types.FileState.PROCESSING:
            file = client.files.get(name=file.name)
        return file

    return make


@pytest.fixture
def transcribe(client, upload):
    """Asks the model for transcripts, as a configuration of it says."""

    def make(file=None, **config):
        wanted = types.AudioTranscriptionConfig(**config)
        return client.models.generate_content(
            model=TRANSCRIBE,
            contents=[file or upload()],
            config=types.GenerateContentConfig(audio_transcription_config=wanted),
        )

    return make


@pytest.fixture
def generate(client, upload):
    """Asks a general model."""

    def make(file=None, model=FLASH, **config):
        return client.models.generate_content(
            model=model,
            contents=["Caption this.", file or upload()],
            config=types.GenerateContentConfig(**config),
        )

    return make


def structured(**more):
    return {"response_mime_type": "application/json", "response_schema": Transcript, **more}


@pytest.fixture
def post(url):
    """Sends a body without the SDK, the sound in it."""

    def make(body=None, model=FLASH, version="v1beta", headers=None, **generation):
        data = {"data": base64.b64encode(SOUND).decode(), "mimeType": "audio/wav"}
        whole = {"contents": [{"parts": [{"inlineData": data}]}], "generationConfig": generation, **(body or {})}
        address = f"{url}/{version}/models/{model}:generateContent"
        return requests.post(address, json=whole, headers=headers or {"x-goog-api-key": API_KEY}, timeout=10)

    return make


# ---- files


def test_an_upload_is_a_file_that_gets_ready(gemini, client):
    file = client.files.upload(file=io.BytesIO(SOUND), config={"mime_type": "audio/wav", "display_name": "a"})
    assert (file.state, file.size_bytes, file.mime_type, file.display_name) == (
        types.FileState.PROCESSING,
        len(SOUND),
        "audio/wav",
        "a",
    )
    assert base64.b64decode(file.sha256_hash).decode() == hashlib.sha256(SOUND).hexdigest()
    assert file.expiration_time - file.create_time == timedelta(hours=48)
    assert client.files.get(name=file.name).state is types.FileState.ACTIVE
    assert gemini.refusals == []


def test_a_large_file_comes_in_chunks(gemini, client, tmp_path):
    path = tmp_path / "large.wav"
    path.write_bytes(bytes(17 * 1024 * 1024 + 5))
    file = client.files.upload(file=path, config={"mime_type": "audio/wav"})
    assert file.size_bytes == 17 * 1024 * 1024 + 5
    assert (gemini.requests["files.create"], gemini.requests["files.upload"]) == (1, 3)
    assert gemini.state()["files"][0]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_deleted_file_is_gone(gemini, client, upload):
    file = upload()
    client.files.delete(name=file.name)
    for lost in (client.files.get, client.files.delete):
        with pytest.raises(errors.ClientError, match="do not have permission") as caught:
            lost(name=file.name)
        assert (caught.value.code, caught.value.status) == (403, "PERMISSION_DENIED")
    assert list(client.files.list()) == []
    assert [one["deleted"] for one in gemini.state()["files"]] == [True]


def test_files_are_listed(client, upload):
    names = {upload().name, upload().name}
    assert {one.name for one in client.files.list()} == names


def test_a_file_may_be_given_its_name_once(client):
    named = {"mime_type": "audio/wav", "name": "video-1"}
    assert client.files.upload(file=io.BytesIO(SOUND), config=named).name == "files/video-1"
    with pytest.raises(errors.ClientError) as caught:
        client.files.upload(file=io.BytesIO(SOUND), config=named)
    assert (caught.value.code, caught.value.status) == (409, "ALREADY_EXISTS")
    client.files.delete(name="files/video-1")
    assert client.files.upload(file=io.BytesIO(SOUND), config=named).name == "files/video-1"


def test_a_chunk_that_fails_is_sent_again_by_the_sdk(gemini, client):
    gemini.fault("files.upload", "status", value=503)
    file = client.files.upload(file=io.BytesIO(SOUND), config={"mime_type": "audio/wav"})
    assert (file.size_bytes, gemini.requests["files.upload"], gemini.refusals) == (len(SOUND), 2, [])


def test_a_file_may_never_get_ready(gemini, upload):
    gemini.set_processing(failed="The file could not be read.")
    file = upload()
    assert (file.state, file.error.message) == (types.FileState.FAILED, "The file could not be read.")


def test_a_file_that_is_not_ready_is_refused(gemini, client, transcribe):
    gemini.set_processing(polls=3)
    file = client.files.upload(file=io.BytesIO(SOUND), config={"mime_type": "audio/wav"})
    with pytest.raises(errors.ClientError, match="not in an ACTIVE state") as caught:
        transcribe(file)
    assert (caught.value.status, len(gemini.refusals)) == ("FAILED_PRECONDITION", 1)


@pytest.mark.parametrize("uri", ["https://example.org/v1beta/files/abc", "gs://bucket/a.wav", "{url}/elsewhere"])
def test_only_own_files_are_heard(client, url, uri):
    part = types.Part.from_uri(file_uri=uri.format(url=url), mime_type="audio/wav")
    with pytest.raises(errors.ClientError, match="Invalid or unsupported file uri"):
        client.models.generate_content(model=TRANSCRIBE, contents=[part])


@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Goog-Upload-Offset": "5"},
        {"X-Goog-Upload-Command": "finalize"},
        {"X-Goog-Upload-Command": "upload"},  # of 3 bytes, no multiple of the granularity
    ],
)
def test_a_wrong_chunk_is_refused(gemini, url, wrong):
    start = {
        "x-goog-api-key": API_KEY,
        "X-Goog-Upload-Protocol": "resumable",
        "X-Goog-Upload-Command": "start",
        "X-Goog-Upload-Header-Content-Length": "3",
        "X-Goog-Upload-Header-Content-Type": "audio/wav",
    }
    begun = requests.post(f"{url}/upload/v1/files", json={"file": {}}, headers=start, timeout=10)
    right = {"X-Goog-Upload-Offset": "0", "X-Goog-Upload-Command": "upload, finalize"}
    address = begun.headers["X-Goog-Upload-URL"]
    assert requests.post(address, data=b"abc", headers=right | wrong, timeout=10).status_code == 400
    assert len(gemini.refusals) == 1
    assert requests.post(address, data=b"abc", headers=right, timeout=10).json()["file"]["sizeBytes"] == "3"


@pytest.mark.parametrize("missing", ["X-Goog-Upload-Protocol", "X-Goog-Upload-Header-Content-Length"])
def test_an_upload_begins_as_documented(gemini, url, missing):
    headers = {"x-goog-api-key": API_KEY, "X-Goog-Upload-Protocol": "resumable", "X-Goog-Upload-Command": "start"}
    headers |= {"X-Goog-Upload-Header-Content-Length": "3", "X-Goog-Upload-Header-Content-Type": "audio/wav"}
    del headers[missing]
    assert requests.post(f"{url}/upload/v1/files", json={}, headers=headers, timeout=10).status_code == 400
    assert len(gemini.refusals) == 1


# ---- the transcribing model


def test_each_turn_is_a_part_with_its_words(gemini, transcribe):
    gemini.say(WORDS, language="en-US")
    answer = transcribe(**DETAILED, language_codes=["en-US"], mode="VERBATIM")
    parts = [part.audio_transcription for part in answer.candidates[0].content.parts]
    assert [(one.speaker_label, one.text, one.language_code) for one in parts] == [
        ("spk:0", "Hello, Grace.", "en-US"),
        ("spk:1", "Hello Ada.", "en-US"),
    ]
    words = [(word.word, word.start_offset, word.end_offset) for one in parts for word in one.words]
    assert words[1:] == [("Grace.", "1s", "1.500s"), ("Hello", "2s", "2.250s"), ("Ada.", "2.250s", "3s")]
    assert gemini.refusals == []


def test_without_details_there_is_only_the_text(gemini, transcribe):
    gemini.say(WORDS)
    answer = transcribe(custom_vocabulary=["Ada"])
    (part,) = answer.candidates[0].content.parts
    assert (answer.text, part.audio_transcription.speaker_label, part.audio_transcription.words) == (TEXT, None, None)


def test_where_nothing_is_said_the_text_is_empty(transcribe):
    answer = transcribe(**DETAILED)
    assert (answer.text, answer.candidates[0].finish_reason) == ("", types.FinishReason.STOP)


def test_a_piece_of_a_recording_has_its_own_words_at_its_own_times(gemini, upload, transcribe, tmp_path):
    samples = babble(8)
    recording = tmp_path / "whole.wav"
    recording.write_bytes(wav(8, samples=samples))
    gemini.say(WORDS, recording=str(recording))
    piece = upload(wav(3, samples=samples[16 * 1750 : 16 * 4750]))
    (part,) = transcribe(piece, word_timestamp=True).candidates[0].content.parts
    assert [(word.word, word.start_offset) for word in part.audio_transcription.words] == [
        ("Hello", "0.250s"),
        ("Ada.", "0.500s"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"word_timestamp": True, "mode": "SMART"},
        {"diarization": True, "mode": "SMART"},
        {"word_timestamp": True, "custom_vocabulary": ["Ada"]},
        {"diarization": True, "custom_vocabulary": ["Ada"]},
        {"custom_vocabulary": ["Ada"] * 1001},
        {"language_codes": ["English (US)"]},
    ],
)
def test_a_wrong_configuration_is_refused_and_remembered(gemini, transcribe, wrong):
    with pytest.raises(errors.ClientError) as caught:
        transcribe(**wrong)
    assert (caught.value.code, caught.value.status) == (400, "INVALID_ARGUMENT")
    assert (len(gemini.refusals), gemini.generations) == (1, [])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"system_instruction": "You caption."}, "Developer instruction is not enabled"),
        (structured(), "JSON mode is not enabled"),
    ],
)
def test_the_model_takes_neither_instruction_nor_schema(client, upload, wrong, message):
    with pytest.raises(errors.ClientError, match=message):
        client.models.generate_content(
            model=TRANSCRIBE, contents=[upload()], config=types.GenerateContentConfig(**wrong)
        )


@pytest.mark.parametrize(
    ("config", "fits"), [({}, True), ({"diarization": True}, False), ({"word_timestamp": True}, False)]
)
def test_with_details_less_audio_fits(url, transcribe, upload, config, fits):
    tell(url, "limits", transcribe=10, detailed=7.5)
    file = upload()
    if fits:
        assert transcribe(file, **config).candidates
    else:
        with pytest.raises(errors.ClientError, match="8 seconds"):
            transcribe(file, **config)


# ---- general models


def test_a_schema_is_filled_with_what_is_said(gemini, generate):
    gemini.say(WORDS, language="en")
    answer = generate(**structured(), system_instruction="You caption.", temperature=0.0)
    assert answer.parsed == Transcript(
        language="en",
        segments=[
            Segment(start=0.5, end=1.5, speaker="Ada", text="Hello, Grace."),
            Segment(start=2, end=3, speaker="Grace", text="Hello Ada."),
        ],
    )
    assert gemini.generations[0]["systemInstruction"]["parts"] == [{"text": "You caption."}]
    assert gemini.refusals == []


def test_a_schema_of_json_is_filled_too(gemini, generate):
    gemini.say(WORDS)
    schema = Transcript.model_json_schema()
    answer = generate(response_mime_type="application/json", response_json_schema=schema)
    assert [one["text"] for one in answer.parsed["segments"]] == ["Hello, Grace.", "Hello Ada."]


def test_times_are_clocks_where_a_text_is_wanted(gemini, post):
    gemini.say([["Late.", 3661.5, 3662, "A"]])
    item = {"type": "OBJECT", "properties": {"start_time": {"type": "STRING"}, "end_ms": {"type": "INTEGER"}}}
    answer = post(responseMimeType="application/json", responseSchema={"type": "ARRAY", "items": item}).json()
    assert json.loads(answer["candidates"][0]["content"]["parts"][0]["text"]) == [
        {"start_time": "01:01:01.500", "end_ms": 3662000}
    ]


def test_words_and_speakers_are_lists(gemini, post):
    gemini.say(WORDS)
    word = {"type": "OBJECT", "properties": {"word": {"type": "STRING"}, "confidence": {"type": "NUMBER"}}}
    properties = {
        "words": {"type": "ARRAY", "items": word},
        "speakers": {"type": "ARRAY", "items": {"type": "STRING"}},
    }
    answer = post(
        responseMimeType="application/json", responseSchema={"type": "OBJECT", "properties": properties}
    ).json()
    told = json.loads(answer["candidates"][0]["content"]["parts"][0]["text"])
    assert told["words"][3] == {"word": "Ada.", "confidence": 0.99}
    assert told["speakers"] == ["Ada", "Grace"]


def test_without_a_schema_the_answer_is_the_text(gemini, generate):
    gemini.say(WORDS)
    assert generate().text == TEXT


def test_audio_may_come_inline(gemini, client):
    gemini.say(WORDS)
    part = types.Part.from_bytes(data=SOUND, mime_type="audio/wav")
    assert client.models.generate_content(model=FLASH, contents=["Caption.", part]).text == TEXT
    assert gemini.generations[0]["file"] is None


def test_usage_counts_audio_by_the_second(gemini, generate):
    gemini.say(WORDS)
    usage = generate().usage_metadata
    assert (usage.prompt_token_count, usage.candidates_token_count) == (3 + 8 * 32, 6)
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count


def test_more_than_the_tokens_allowed_is_cut(gemini, generate):
    gemini.say(text="word " * 100)
    answer = generate(max_output_tokens=10)
    assert (answer.candidates[0].finish_reason, len(answer.text)) == (types.FinishReason.MAX_TOKENS, 40)


# ---- ends


def test_an_answer_that_is_cut_is_no_json(gemini, generate):
    gemini.say(WORDS)
    gemini.finish("MAX_TOKENS")
    answer = generate(**structured())
    assert (answer.candidates[0].finish_reason, answer.parsed) == (types.FinishReason.MAX_TOKENS, None)
    assert answer.text.startswith('{"language"')
    assert generate(**structured()).parsed is not None


def test_a_transcription_that_is_cut_has_fewer_parts(gemini, transcribe):
    gemini.say(WORDS)
    gemini.finish("MAX_TOKENS")
    answer = transcribe(**DETAILED)
    assert answer.candidates[0].finish_reason is types.FinishReason.MAX_TOKENS
    assert len(answer.text) < len(TEXT)


@pytest.mark.parametrize("reason", [one for one in FINISH_REASONS if one not in ("STOP", "MAX_TOKENS")])
def test_other_ends_have_no_content(gemini, generate, reason):
    gemini.finish(reason)
    answer = generate()
    assert (answer.candidates[0].finish_reason.name, answer.text) == (reason, None)


@pytest.mark.parametrize("reason", BLOCK_REASONS)
def test_a_blocked_prompt_has_no_candidates(gemini, generate, reason):
    gemini.block(reason)
    answer = generate()
    assert (answer.candidates, answer.text, answer.prompt_feedback.block_reason.name) == (None, None, reason)


def test_ends_are_those_of_the_sdk():
    assert set(FINISH_REASONS) <= {one.name for one in types.FinishReason}
    assert set(BLOCK_REASONS) <= {one.name for one in types.BlockedReason}


@pytest.mark.parametrize(("word", "reason"), [("finish", "CONTINUATION"), ("block", "TIRED")])
def test_no_end_can_be_asked_for_that_is_none(url, word, reason):
    assert requests.post(f"{url}/sandbox/{word}", json={"reason": reason}, timeout=10).status_code == 400


# ---- mistakes


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": {"prompt": "Caption this."}},
        {"body": {"contents": []}},
        {"body": {"contents": [{"parts": [{"text": "a", "fileData": {"fileUri": "b"}}]}]}},
        {"body": {"contents": [{"parts": [{"inlineData": {"data": "not base64!", "mimeType": "audio/wav"}}]}]}},
        {"body": {"contents": [{"parts": [{"inlineData": {"data": "AAAA", "mimeType": "audio/x-wav"}}]}]}},
        {"body": {"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "NEVER"}]}},
        {"temperature": 3},
        {"maxOutputTokens": "many"},
        {"responseSchema": {"type": "STRING"}},
        {"responseMimeType": "application/json", "responseSchema": {"type": "ARRAY"}},
        {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}},
        {"responseMimeType": "application/json", "responseSchema": {"type": "TEXT"}},
        {"thinkingConfig": {"thinkingBudget": 0, "thinkingLevel": "LOW"}},
    ],
)
def test_a_wrong_body_is_refused_and_remembered(gemini, post, wrong):
    answer = post(**wrong)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert len(gemini.refusals) == 1


def test_an_unknown_name_is_told_in_google_s_words(post):
    message = post(temprature=0).json()["error"]["message"]
    assert message == (
        "Invalid JSON payload received. Unknown name \"temprature\" at 'generationConfig': Cannot find field."
    )


def test_names_may_have_underscores(gemini, post):
    assert post(max_output_tokens=5, thinking_config={"thinking_level": "LOW"}).status_code == 200
    assert gemini.generations[0]["generationConfig"]["thinkingConfig"] == {"thinkingLevel": "LOW"}


def test_what_is_not_played_is_not_made_up(post):
    answer = post({"tools": [{"googleSearch": {}}]})
    assert (answer.status_code, answer.json()["error"]["status"]) == (501, "UNIMPLEMENTED")


@pytest.mark.parametrize(
    ("model", "version"), [("gemini-2.5-flash", "v1beta"), ("gemini-flash-latest", "v1"), ("whisper", "v1")]
)
def test_a_model_that_is_not_there_is_not_found(gemini, post, model, version):
    answer = post(model=model, version=version)
    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")
    assert gemini.refusals == []


def test_an_alias_is_there_in_the_beta_version(gemini, connect, upload):
    beta = connect(api_version="v1beta")
    beta.models.generate_content(model="gemini-flash-latest", contents=[upload()])
    assert [one["version"] for one in gemini.generations] == ["v1beta"]


def test_a_wrong_key_is_a_bad_request(gemini, connect):
    with pytest.raises(errors.ClientError, match="API key not valid") as caught:
        connect("another").files.upload(file=io.BytesIO(SOUND), config={"mime_type": "audio/wav"})
    assert (caught.value.code, caught.value.details["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    assert gemini.refusals == []


def test_no_key_is_a_mistake(gemini, post):
    assert post(headers={"accept": "*/*"}).status_code == 403
    assert len(gemini.refusals) == 1


def test_an_address_that_is_not_played_is_a_mistake(gemini, client):
    with pytest.raises(errors.ClientError):
        client.models.count_tokens(model=FLASH, contents="a")
    assert len(gemini.refusals) == 1


# ---- trouble


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_status_reaches_the_sdk(gemini, generate, status):
    gemini.fault("models.generateContent", "status", value=status)
    with pytest.raises(errors.APIError) as caught:
        generate()
    assert caught.value.code == status
    assert gemini.executed["models.generateContent"] == 0


def test_the_sdk_retries_what_it_is_told_to(gemini, connect, upload):
    gemini.say(WORDS)
    gemini.fault("models.generateContent", "status", value=503, times=2)
    patient = connect(retry_options=types.HttpRetryOptions(attempts=3, initial_delay=0.01, max_delay=0.02))
    assert patient.models.generate_content(model=FLASH, contents=[upload()]).text == TEXT
    assert (gemini.requests["models.generateContent"], gemini.executed["models.generateContent"]) == (3, 1)


def test_a_rate_limit_says_when_to_come_back(gemini, generate):
    gemini.fault("models.generateContent", "rate", value=2)
    with pytest.raises(errors.ClientError) as caught:
        generate()
    assert caught.value.response.headers["Retry-After"] == "2"
    assert caught.value.details["error"]["details"][0]["retryDelay"] == "2s"


@pytest.mark.parametrize("kind", ["html", "garbage", "truncated"])
def test_an_answer_that_is_no_json_reaches_the_sdk(gemini, generate, kind):
    gemini.fault("models.generateContent", kind)
    with pytest.raises((errors.UnknownApiResponseError, ValueError)):
        generate()


def test_an_empty_answer_is_a_response_without_candidates(gemini, generate):
    gemini.fault("models.generateContent", "empty")
    assert generate().candidates is None


@pytest.mark.parametrize(("kind", "executed"), [("cut_before", 0), ("cut_after", 1)])
def test_a_connection_that_is_cut_is_an_error_of_the_line(gemini, generate, kind, executed):
    gemini.fault("models.generateContent", kind)
    with pytest.raises(httpx2.RemoteProtocolError):
        generate()
    assert gemini.executed["models.generateContent"] == executed


def test_a_held_chunk_is_let_go(gemini, upload, url):
    tell(url, "fault", operation="files.upload", kind="hold")
    names = []
    thread = threading.Thread(target=lambda: names.append(upload().name))
    thread.start()
    assert requests.get(f"{url}/sandbox/held?operation=files.upload", timeout=10).json() == {"held": True}
    assert gemini.state()["uploads"] == [{"size": len(SOUND), "received": 0}]
    assert tell(url, "release") == {"released": 1}
    thread.join(10)
    assert len(names) == 1


def test_a_slow_answer_outlasts_the_timeout(gemini, connect, upload):
    file = upload()
    gemini.fault("models.generateContent", "slow", value=1)
    began = time.monotonic()
    with pytest.raises(httpx2.TimeoutException):
        connect().models.generate_content(
            model=FLASH, contents=[file], config={"http_options": types.HttpOptions(timeout=100)}
        )
    assert time.monotonic() - began < 1


def test_answers_can_be_made_strange(gemini, transcribe, url):
    gemini.say(WORDS)
    path = "candidates.0.content.parts.*.audioTranscription"
    tell(
        url,
        "alter",
        operation="models.generateContent",
        put={f"{path}.speakerLabel": "spk_1", f"{path}.words.0.startOffset": None},
        drop=["usageMetadata"],
    )
    answer = transcribe(**DETAILED)
    parts = [part.audio_transcription for part in answer.candidates[0].content.parts]
    assert [(one.speaker_label, one.words[0].start_offset) for one in parts] == [("spk_1", None)] * 2
    assert answer.usage_metadata is None


def test_no_fault_can_be_asked_for_that_cannot_be(url):
    for wrong in ({"operation": "models.list", "kind": "hold"}, {"operation": OPERATIONS[0], "kind": "explode"}):
        assert requests.post(f"{url}/sandbox/fault", json=wrong, timeout=10).status_code == 400


# ---- as a process


def test_it_is_a_process_of_its_own():
    command = [sys.executable, "-m", "sandbox.gemini", "--port", "0"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process:
        address = json.loads(process.stdout.readline())["url"]
        assert requests.get(f"{address}/sandbox/state", timeout=10).json()["files"] == []
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
