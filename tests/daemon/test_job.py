import dataclasses
import hashlib
import json

import pytest
from pydantic import ValidationError

from captions.cleaning import DEFAULT, Options
from captions.cleaning.profanity import Profanity
from daemon import job
from daemon.errors import AskHuman
from daemon.settings import DaemonSettings, Settings
from daemon.speech.condition import Condition
from daemon.speech.engines import ENGINES
from store.errors import SettingsError
from store.settings import validated

SOUND = "5a" * 32


def settings(**tables):
    return DaemonSettings.model_validate(tables)


def key(language=None, sound=SOUND, **tables):
    return job.present(settings(**tables), job.Wishes(language=language)).words_key(sound)


def whisper(**options):
    return {"engines": {"whisper": options}}


@pytest.mark.parametrize(
    "changed",
    [
        {"sound": "5b" * 32},
        {"language": "sv"},
        {"speech": {"language": "sv"}},
        whisper(model="tiny.en"),
        whisper(compute_type="float32"),
        whisper(beam_size=1),
    ],
    ids=str,
)
def test_what_shapes_the_words_changes_their_key(changed):
    assert key(**changed) != key()


@pytest.mark.parametrize(
    "changed",
    [
        whisper(device="cpu"),
        whisper(batch_size=1),
        whisper(threads=2),
        {"speech": {"stall_seconds": 1, "idle_seconds": 1, "memory_limit_mb": 1}},
    ],
    ids=str,
)
def test_what_only_changes_how_they_are_computed_does_not(changed):
    assert key(**changed) == key()


def test_the_profile_does_not_shape_the_words():
    made = job.present(settings())
    assert dataclasses.replace(made, profile="another").words_key(SOUND) == made.words_key(SOUND)


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_shapes_by_options_that_it_has(name):
    options = job.engine_options(settings(), name)
    shaping = ENGINES[name].shaping(options)
    assert shaping.items() <= options.items()


def test_channels_heard_apart_shape_the_words_only_where_they_are_wanted():
    def by_assemblyai(**options):
        return key(speech={"engine": "assemblyai"}, engines={"assemblyai": options})

    assert by_assemblyai(multichannel=True) != by_assemblyai(multichannel=False) == by_assemblyai()
    assert "multichannel" not in job.present(settings(speech={"engine": "assemblyai"})).options


def test_a_job_keeps_what_shapes_it_and_takes_the_rest_from_the_present():
    queued = job.present(settings(speech={"engine": "assemblyai"}))
    now = settings(engines={"assemblyai": {"multichannel": True, "chapters": True, "at_once": 7}})
    options = job.options_of(queued, job.engine_options(now, "assemblyai"))
    assert "multichannel" not in options
    assert (options["chapters"], options["at_once"]) == (False, 7)


def test_the_order_of_the_options_does_not_matter():
    options = job.present(settings()).options
    turned = job.Job("whisper", None, "netflix", dict(reversed(options.items())))
    assert turned.words_key(SOUND) == key()


def test_the_language_of_the_channel_comes_before_that_of_the_settings():
    assert job.present(settings(speech={"language": "en"}), job.Wishes(language="sv")).language == "sv"
    assert job.present(settings(speech={"language": "en"})).language == "en"


def test_without_a_language_it_is_detected():
    assert job.present(settings()).language is None


def test_a_job_names_its_model():
    assert job.present(settings(**whisper(model="tiny.en"))).model == "tiny.en"


def test_a_job_passes_through_json_unchanged():
    made = job.present(settings(), job.Wishes(language="pt-BR", terms=("Ada", "Turing")))
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))) == made


# ---- what is set for a channel


def test_the_settings_of_a_channel_come_before_those_of_the_file():
    both = settings(speech={"language": "en"}, captions={"profile": "netflix"})
    made = job.present(both, job.Wishes(language="de", engine="whisper", profile="house", terms=("Ada",)))
    assert (made.language, made.engine, made.profile, made.terms) == ("de", "whisper", "house", ("Ada",))


def test_what_is_not_set_for_a_channel_is_as_the_file_says():
    of_file = settings(speech={"language": "en"})
    made = job.present(of_file, job.Wishes(profile="house"))
    assert made == dataclasses.replace(job.present(of_file), profile="house", vertical_profile="")


def test_an_engine_that_there_is_not_any_more_asks_a_person_to_set_another():
    with pytest.raises(AskHuman, match=r"there is no engine dictaphone: set another one for the channel; .*whisper"):
        job.present(settings(), job.Wishes(engine="dictaphone"))


def with_terms(*terms):
    return job.present(settings(), job.Wishes(terms=terms))


def test_each_other_list_of_terms_shapes_other_words():
    lists = [(), ("Ada",), ("Ada", "Turing"), ("Turing", "Ada"), ("AdaTuring",), ("Ada, Turing",)]
    assert len({with_terms(*terms).words_key(SOUND) for terms in lists}) == len(lists)


def test_without_terms_the_key_is_that_of_words_made_before_there_were_any():
    made = with_terms()
    shaped_by = [SOUND, made.engine, made.language, made.options]
    assert made.words_key(SOUND) == hashlib.sha256(json.dumps(shaped_by, sort_keys=True).encode()).hexdigest()


def test_a_job_that_was_stored_before_there_were_terms_is_read():
    stored = job.to_values(with_terms())
    del stored["terms"]
    assert job.from_values(stored) == with_terms()


# ---- what is known of a video


def test_what_a_video_says_of_itself_and_how_many_speak_shape_its_words():
    wishes = [job.Wishes(), job.Wishes(context="About Ada"), job.Wishes(speakers="2"), job.Wishes(speakers="2-3")]
    assert len({job.present(settings(), one).words_key(SOUND) for one in wishes}) == len(wishes)


def test_the_speakers_of_a_channel_come_before_those_of_the_file():
    of_file = settings(speech={"speakers": "1"})
    assert job.present(of_file).speakers == (1, 1)
    assert job.present(of_file, job.Wishes(speakers="2-4")).speakers == (2, 4)
    with pytest.raises(ValueError, match="is no number of speakers"):
        settings(speech={"speakers": "some"})


def test_a_job_is_stored_and_read_with_all_that_is_known():
    made = job.present(settings(), job.Wishes(speakers="2-4", context="About Ada", terms=("Ada",)))
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))) == made


def test_an_engine_is_asked_with_all_that_is_known():
    made = job.present(settings(), job.Wishes(language="en", speakers="2-4", context="About Ada", terms=("Ada",)))
    asked = job.request(made)
    assert (asked.language, asked.terms, asked.context, asked.speakers) == ("en", ("Ada",), "About Ada", (2, 4))


# ---- how the sound is prepared


def test_channels_cannot_be_heard_apart_of_a_sound_that_is_prepared():
    apart = {"engines": {"assemblyai": {"multichannel": True}}}
    with pytest.raises(ValidationError, match="multichannel cannot be combined"):
        settings(**apart, **prepared(high_pass_hertz=80))
    assert settings(**apart, **prepared(high_pass_hertz=80, engines=["whisper"]))
    assert settings(**apart, **prepared(engines=["assemblyai"]))


def test_that_two_tables_do_not_go_together_is_told_without_all_that_is_in_them():
    tables = {"engines": {"assemblyai": {"multichannel": True}}, **prepared(high_pass_hertz=80)}
    with pytest.raises(SettingsError) as caught:
        validated(Settings, {"daemon": tables}, "config.toml")
    (line,) = caught.value.mistakes
    assert line.startswith("daemon: [daemon.engines.assemblyai] multichannel cannot be combined")
    assert "{" not in line


def prepared(**condition):
    return {"speech": {"condition": condition}}


@pytest.mark.parametrize(
    "steps",
    [{"high_pass_hertz": 80}, {"denoise_decibels": 12}, {"loudness_lufs": -23}, {"longest_pause_seconds": 1}],
    ids=str,
)
def test_a_prepared_sound_has_other_words(steps):
    assert key(**prepared(**steps)) != key()
    assert job.present(settings(**prepared(**steps))).condition == steps


def test_a_sound_is_prepared_for_the_engines_that_are_named(monkeypatch):
    assert key(**prepared(high_pass_hertz=80, engines=["whisper"])) == key(**prepared(high_pass_hertz=80))
    monkeypatch.setitem(ENGINES, "another", ENGINES["whisper"])
    assert key(**prepared(high_pass_hertz=80, engines=["another"])) == key()


def test_what_an_engine_asks_for_is_done_where_the_settings_say_nothing(monkeypatch):
    asking = dataclasses.replace(ENGINES["whisper"], condition=Condition(loudness_lufs=-23))
    monkeypatch.setitem(ENGINES, "whisper", asking)
    assert job.present(settings(**prepared(high_pass_hertz=80))).condition == {
        "high_pass_hertz": 80,
        "loudness_lufs": -23,
    }


# ---- what voices feel


def emotion(**options):
    return {"speech": {"emotion": {"on": True, **options}}}


@pytest.mark.parametrize("options", [{}, {"engine": "classifier", "model": "/mine"}, {"model": "another/model"}])
def test_emotion_shapes_other_words_of_what_is_heard_the_same(options):
    made = job.present(settings(**emotion(**options)))
    assert made.words_key(SOUND) != key()
    assert made.heard.words_key(SOUND) == key()
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))) == made


def test_what_shapes_captions_alone_does_not_shape_words():
    assert key(**emotion(cues=True, certainty=0.5, device="cpu")) == key(**emotion())
    assert job.present(settings(**emotion(cues=True, certainty=0.5))).marks == 0.5
    assert job.present(settings(**emotion(certainty=0.5))).marks == 0


def test_emotion_that_is_off_changes_nothing():
    off = {"speech": {"emotion": {"engine": "classifier", "model": "/mine", "cues": True}}}
    assert job.present(settings(**off)) == job.present(settings())
    values = job.to_values(job.present(settings()))
    del values["emotion"], values["marks"]
    assert job.from_values(values) == job.present(settings()), "what was kept before there was emotion"


def test_an_engine_of_emotion_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no such engine tells emotion; there are: speechbrain, classifier"):
        settings(**emotion(engine="horoscope"))


def test_how_words_are_cleaned_is_of_the_job_and_does_not_shape_them():
    plain, masked = (job.present(settings(captions={"clean": {"profanity": one}})) for one in ("off", "mask"))
    assert plain.words_key(SOUND) == masked.words_key(SOUND)
    assert job.from_values(json.loads(json.dumps(job.to_values(masked)))).style().cleaning == Options(
        profanity=Profanity.MASK
    )


def test_a_job_from_before_there_was_cleaning_cleans_as_it_comes():
    values = job.to_values(job.present(settings()))
    del values["clean"]
    assert job.from_values(values).style().cleaning == DEFAULT


# ---- the rules of the captions


def test_numbers_of_the_channel_come_before_those_of_the_file_one_by_one():
    both = settings(captions={"limits": {"lines": 1, "characters_per_line": 40}})
    made = job.present(both, job.Wishes(limits={"characters_per_line": 37}))
    assert made.limits == {"lines": 1, "characters_per_line": 37}
    assert made.words_key(SOUND) == key()


def test_a_job_of_before_there_were_numbers_has_none_and_no_vertical_profile():
    values = job.to_values(job.present(settings(captions={"limits": {"lines": 1}})))
    made = job.from_values(
        {name: value for name, value in values.items() if name not in ("limits", "vertical_profile")}
    )
    assert made.rules(is_vertical=True) == ("netflix", {})


def test_numbers_pass_through_json():
    made = job.present(settings(captions={"limits": {"lines": 1}}))
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))) == made


@pytest.mark.parametrize(
    ("captions", "own", "profile"),
    [
        ({}, None, "shorts"),
        ({"profile": "bbc"}, None, "shorts"),
        ({}, "ted", "ted"),
        ({"vertical_profile": ""}, None, "netflix"),
        ({"vertical_profile": "dcmp"}, None, "dcmp"),
    ],
)
def test_a_vertical_video_gets_the_profile_for_it_unless_its_channel_has_one(captions, own, profile):
    made = job.present(settings(captions=captions), job.Wishes(profile=own))
    assert made.rules(is_vertical=True)[0] == profile
    assert made.rules(is_vertical=False)[0] == made.profile


def test_the_width_of_other_pictures_is_not_that_of_a_vertical_one():
    limits = {"lines": 1, "characters_per_line": 37}
    ours = settings(captions={"limits": limits})
    assert job.present(ours).rules(is_vertical=True) == ("shorts", {"lines": 1})
    assert job.present(ours, job.Wishes(profile="bbc")).rules(is_vertical=True) == ("bbc", limits)


@pytest.mark.parametrize(
    ("usual", "wished", "is_on"), [(True, None, True), (False, None, False), (True, False, False), (False, True, True)]
)
def test_a_channels_wish_for_emotion_comes_before_the_file(usual, wished, is_on):
    both = settings(speech={"emotion": {"on": usual, "cues": True}})
    made = job.present(both, job.Wishes(emotion=wished))
    assert bool(made.emotion) is bool(made.marks) is is_on


@pytest.mark.parametrize("style", ["", "name"])
def test_how_a_speaker_is_named_goes_with_the_job(style):
    made = job.present(DaemonSettings.model_validate({"captions": {"labels": style}}))
    assert job.from_values(json.loads(json.dumps(job.to_values(made)))).style().labels == style


def test_a_way_to_name_speakers_that_is_none_is_refused():
    with pytest.raises(ValidationError, match="there are: chevrons, name, parentheses"):
        DaemonSettings.model_validate({"captions": {"labels": "stars"}})
