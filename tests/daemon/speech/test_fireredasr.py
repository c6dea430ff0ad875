"""FireRedASR on tiny models of the same inputs, outputs and metadata: what is heard, and what can be wrong."""

import subprocess
import sys

import pytest

from daemon.errors import AskHuman
from daemon.speech.engines import ENGINES, Request, model_files
from daemon.speech.engines.fireredasr import APPROXIMATE, Options
from tests.daemon.speech import tiny_models
from tests.daemon.speech.recordings import silence

FIRERED = ENGINES["fireredasr"]
VOCABULARY = ("▁MON", "DAY", "是", "礼", "拜", "二", "▁I", "▁THINK")
OTHERS = ("▁MON", "DAY", "是", "礼", "败", "二", "▁I", "▁SINK")  # what the CTC model mishears
TONES = ((1.5, 2), (2.0, 3), (2.4, 4), (3.0, 5), (5.5, 0), (5.9, 1), (7.0, 6), (7.5, 7), (9.2, 3), (11.2, 2))
SAID = ["是", "礼", "拜", "二", "monday", "I", "think", "礼", "是"]
BEGINS = [second for second, number in TONES if number != 1]


@pytest.fixture(scope="module")
def aed(tmp_path_factory):
    return tiny_models.fireredasr_aed(tmp_path_factory.mktemp("aed"), VOCABULARY)


@pytest.fixture(scope="module")
def ctc(tmp_path_factory):
    return tiny_models.fireredasr_ctc(tmp_path_factory.mktemp("ctc"), VOCABULARY)


@pytest.fixture(scope="module")
def audio():
    return tiny_models.with_tones(tiny_models.speech(14), TONES)


def options(model, **changed):
    return {**Options(model=str(model), threads=1).model_dump(mode="json"), **changed}


def ignored(fraction):
    """Nobody looks at the progress."""


@pytest.fixture(scope="module", params=["ctc", "aed", "both"])
def engine(request, aed, ctc):
    ways = {"ctc": options(ctc), "aed": options(aed), "both": options(aed, ctc=str(ctc))}
    return FIRERED.load(ways[request.param])


@pytest.fixture(scope="module")
def heard(engine, audio):
    return engine.transcribe(audio, Request(), ignored)


# ---- by either model, and by both


def test_characters_are_words_and_english_tokens_are_joined_in_lower_case(heard):
    assert [word.text for word in heard.words] == SAID


# ---- times


@pytest.mark.parametrize("both", [False, True])
def test_words_begin_when_the_ctc_model_heard_their_tokens(aed, ctc, audio, both):
    engine = FIRERED.load(options(aed, ctc=str(ctc)) if both else options(ctc))
    heard = engine.transcribe(audio, Request(), ignored)
    assert [word.start for word in heard.words] == pytest.approx(BEGINS, abs=0.08)
    assert {word.confidence for word in heard.words} == {1}
    assert heard.extras == {}


def test_what_the_models_hear_differently_is_what_aed_heard_and_is_doubted(tmp_path, aed, audio):
    other = tiny_models.fireredasr_ctc(tmp_path, OTHERS)
    heard = FIRERED.load(options(aed, ctc=str(other))).transcribe(audio, Request(), ignored)
    assert [word.text for word in heard.words] == SAID
    assert [word.text for word in heard.words if word.confidence < 1] == ["拜", "think"]
    assert [word.start for word in heard.words] == pytest.approx(BEGINS, abs=0.5)


def test_without_a_ctc_model_it_is_said_that_times_are_approximate(aed, audio):
    heard = FIRERED.load(options(aed)).transcribe(audio, Request(), ignored)
    assert (heard.approximate, heard.extras) == (APPROXIMATE, {})


def test_pieces_change_nothing_but_where_they_are_cut(aed, ctc, audio):
    told = []
    engine = FIRERED.load(options(aed, ctc=str(ctc), piece_seconds=5))
    heard = engine.transcribe(audio, Request(), told.append)
    assert [word.text for word in heard.words] == SAID
    assert [word.start for word in heard.words] == pytest.approx(BEGINS, abs=0.08)
    assert len(told) >= 4
    assert told == sorted(told)
    assert told[-1] == 1


def test_quick_speech_is_not_cut_off(aed, ctc):
    """sherpa-onnx lets the AED model say only so many tokens a second."""
    quick = [(1.5 + place * 0.13, 2 + place % 2) for place in range(20)]
    audio = tiny_models.with_tones(tiny_models.speech(4.4), quick)
    for model in (ctc, aed):
        heard = FIRERED.load(options(model)).transcribe(audio, Request("zh"), ignored)
        assert "".join(word.text for word in heard.words) == "是礼" * 10


# ---- languages


@pytest.mark.parametrize(("tag", "told"), [("zh", "zh"), ("zh-TW", "zh-TW"), ("EN", "en")])
def test_a_language_that_was_asked_for_is_believed(engine, tag, told):
    assert engine.transcribe(silence(1), Request(tag), ignored).language == told


@pytest.mark.parametrize(("tones", "told"), [([(2.0, 2), (3.0, 3)], "zh"), ([(2.0, 6), (3.0, 7)], "en")])
def test_the_language_is_told_from_the_letters(engine, tones, told):
    audio = tiny_models.with_tones(tiny_models.speech(6), tones)
    assert engine.transcribe(audio, Request(), ignored).language == told


def test_a_language_that_the_models_do_not_know_is_refused_with_those_that_they_do(engine):
    with pytest.raises(AskHuman, match="does not know the language de; it knows: en zh"):
        engine.transcribe(silence(1), Request("de"), ignored)


# ---- models


def test_nothing_speaks_against_models_that_are_there(aed, ctc):
    for chosen in (options(aed), options(ctc), options(aed, ctc=str(ctc))):
        assert FIRERED.why_not(chosen) == ""
        assert FIRERED.is_here(chosen)


def test_without_a_model_it_is_said_where_one_is_to_be_had():
    said = FIRERED.why_not(Options().model_dump(mode="json"))
    assert said.startswith("no model is set: ")
    with pytest.raises(AskHuman, match="no model is set"):
        FIRERED.load(Options().model_dump(mode="json"))


def test_a_folder_that_is_not_there_says_what_to_set(aed):
    assert "set [daemon.engines.fireredasr] model" in FIRERED.why_not(options("/no/such/folder"))
    assert "set [daemon.engines.fireredasr] ctc" in FIRERED.why_not(options(aed, ctc="/no/such/folder"))


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path):
    (tmp_path / "encoder.int8.onnx").touch()
    assert "there is no decoder.onnx and no tokens.txt" in FIRERED.why_not(options(tmp_path))


def test_int8_is_taken_where_there_is_both(tmp_path):
    tiny_models.fireredasr_ctc(tmp_path, VOCABULARY, suffix=".int8")
    (tmp_path / "model.onnx").write_text("nonsense")
    FIRERED.load(options(tmp_path))


@pytest.mark.parametrize("name", ["encoder.onnx", "decoder.onnx", "tokens.txt"])
@pytest.mark.parametrize("content", ["", "nonsense", "\x08\x08 \n1"])
def test_a_damaged_aed_model_is_told_of(tmp_path, name, content):
    tiny_models.fireredasr_aed(tmp_path, VOCABULARY)
    (tmp_path / name).write_text(content)
    with pytest.raises(AskHuman, match=r"get (it|one)"):
        FIRERED.load(options(tmp_path))


def test_a_model_that_breaks_off_is_told_of(tmp_path, ctc):
    tiny_models.fireredasr_ctc(tmp_path, VOCABULARY)
    whole = (ctc / "model.onnx").read_bytes()
    for length in (1, 100, len(whole) - 1):
        (tmp_path / "model.onnx").write_bytes(whole[:length])
        with pytest.raises(AskHuman, match=r"get (it|one)"):
            FIRERED.load(options(tmp_path))


@pytest.mark.parametrize("metadata", [{"model_type": "zipformer2"}, {"model_type": ""}, {"cmvn_mean": ""}])
def test_a_ctc_model_of_another_kind_is_refused_before_it_would_end_the_process(tmp_path, metadata):
    tiny_models.fireredasr_ctc(tmp_path, VOCABULARY, **metadata)
    with pytest.raises(AskHuman, match="no model of FireRedASR that sherpa-onnx takes"):
        FIRERED.load(options(tmp_path))


@pytest.mark.parametrize("key", ["sos", "max_len", "cmvn_inv_stddev"])
def test_an_aed_model_without_its_metadata_is_refused_before_it_would_end_the_process(tmp_path, key):
    tiny_models.fireredasr_aed(tmp_path, VOCABULARY, **{key: ""})
    with pytest.raises(AskHuman, match="no model of FireRedASR that sherpa-onnx takes"):
        FIRERED.load(options(tmp_path))


def test_a_vocabulary_without_a_blank_is_refused_before_it_would_end_the_process(tmp_path):
    tiny_models.fireredasr_ctc(tmp_path, VOCABULARY)
    text = (tmp_path / "tokens.txt").read_text()
    (tmp_path / "tokens.txt").write_text(text.replace("<blank>", "blank"))
    with pytest.raises(AskHuman, match="has no <blank>"):
        FIRERED.load(options(tmp_path))


def test_sherpa_does_end_the_process_over_such_a_model(tmp_path):
    """If this fails, sherpa-onnx has learnt better, and the refusals can go."""
    tiny_models.fireredasr_ctc(tmp_path, VOCABULARY, model_type="zipformer2")
    script = (
        "import sherpa_onnx; sherpa_onnx.OfflineRecognizer.from_fire_red_asr_ctc"
        f"(model='{tmp_path}/model.onnx', tokens='{tmp_path}/tokens.txt')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr


def test_what_an_onnx_file_says_of_itself_is_read_without_its_weights(aed):
    carried = model_files.metadata(aed / "encoder.onnx")
    assert {key: carried[key] for key in ("sos", "eos", "max_len")} == {"sos": "2", "eos": "3", "max_len": "500"}
    assert model_files.metadata(aed / "decoder.onnx") == {}


@pytest.mark.parametrize("changed", [{"beam_size": 5}, {"piece_seconds": 31}, {"threads": 0}])
def test_options_that_there_are_not_are_refused(ctc, changed):
    with pytest.raises(ValueError, match=next(iter(changed))):
        FIRERED.load(options(ctc, **changed))
