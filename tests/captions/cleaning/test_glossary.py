"""Terms are written as the glossary writes them, and no word of the language is taken for one."""

import pytest

from captions.cleaning import Options, cleaned
from tests.captions.cleaning.spoken import after, spoken, words

EVERYDAY = """the a of and said by you tube their there will mark day loveless machine it us who into in to apple
engine every ran works on for pie torch cats catherine everyday videos tube"""
VOCABULARY = {**dict.fromkeys(EVERYDAY.split(), 50.0), "ada": 0.2, "lovelace": 0.03, "babbage": 0.03, "loveless": 0.5}
TERMS = ("Ada Lovelace", "Babbage", "PyTorch", "Kubernetes", "YouTube", "iPhone", "fireredasr", "Jean-Luc", "Kowalska")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("ada lovelace said", "Ada Lovelace said"),
        ("by ADA LOVELACE’S, machine", "by Ada Lovelace’s, machine"),
        ("the ada lovelaces of", "the Ada Lovelaces of"),
        ("babbage.", "Babbage."),
        ("“babbages” ran", "“Babbages” ran"),
        ("pytorch and iphones", "PyTorch and iPhones"),
        ("Iphone works", "iPhone works"),
        ("the py torch, machine", "the PyTorch, machine"),
        ("you tube videos", "YouTube videos"),
        ("the jean luc engine", "the Jean-Luc engine"),
        ("babbidge said", "Babbage said"),
        ("babbidge’s engine", "Babbage’s engine"),
        ("the kubernetties works", "the Kubernetes works"),
        ("Ada Loveless said", "Ada Lovelace said"),
        ("Fireredasr works. The FireRedASR", "Fireredasr works. The FireRedASR"),
    ],
)
def test_a_term_is_written_as_the_glossary_writes_it(said, written):
    assert after(said, terms=TERMS, vocabulary=VOCABULARY) == written


@pytest.mark.parametrize(
    ("said", "terms"),
    [
        ("their day there", ("There", "Their")),
        ("it will mark us, who ran", ("Will", "Mark", "IT", "US", "WHO")),
        ("a loveless day", ("Ada Lovelace", "Lovelace")),
        ("ada, lovelace", ("Ada Lovelace",)),
        ("pie torch", ("PyTorch",)),
        ("in to every day", ("Into", "Everyday")),
        ("the cats", ("Kats",)),
        ("catherine", ("Katharine",)),
        ("kowalski said", ("Kowalska",)),
        ("anton said", ("Antonia",)),
        ("the tubes", ("Tubas",)),
        ("babbidge", ("Babbage", "Babbege")),  # as near to both
        ("", TERMS),
    ],
)
def test_other_words_stay(said, terms):
    assert after(said, terms=terms, vocabulary=VOCABULARY) == said


def test_without_a_vocabulary_nothing_is_replaced_by_sound_nor_a_word_of_any_language_by_case():
    assert after("babbidge babbage pytorch ada lovelace it", terms=(*TERMS, "IT")) == (
        "babbidge babbage PyTorch Ada Lovelace it"
    )


def test_other_languages_have_no_english_sounds():
    assert after("babbidge babbage", language="de", terms=TERMS, vocabulary=VOCABULARY) == "babbidge Babbage"


def test_a_term_of_two_speakers_is_none():
    said = spoken(words("ada", speaker="A"), words("lovelace", 1, speaker="B"))
    assert cleaned(said, terms=("Ada Lovelace",)).changes == ()


def test_joined_words_last_from_the_first_to_the_last():
    [_, joined] = cleaned(spoken(words("the you tube", each=1)), terms=("YouTube",)).transcript.words
    assert (joined.text, joined.start, joined.end) == ("YouTube", 1, 3)


def test_words_that_were_written_as_one_share_its_time():
    [first, second] = cleaned(
        spoken(words("adalovelace", each=1)), terms=("Ada Lovelace",), vocabulary=VOCABULARY
    ).transcript.words
    assert (first.text, first.end, second.text, second.start, second.end) == ("Ada", 0.5, "Lovelace", 0.5, 1)


def test_each_replacement_is_listed():
    found = cleaned(spoken("the babbage, of ada lovelace"), terms=TERMS, vocabulary=VOCABULARY)
    assert [(one.what.value, one.before, one.after) for one in found.changes] == [
        ("term", "babbage,", "Babbage,"),
        ("term", "ada lovelace", "Ada Lovelace"),
    ]


def test_the_glossary_may_be_switched_off():
    assert after("babbage", Options(glossary=False), terms=TERMS, vocabulary=VOCABULARY) == "babbage"
