import math
from itertools import pairwise
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.break_patterns import CLINGING, ORDINARY, OWN_PATTERNS, PATTERNS
from captions.break_words import COMMON, LANGUAGES, Part
from captions.breaks import PUNCTUATION, SENTENCE, Inseparable, break_cost, ends_sentence, inside_cost
from captions.profiles import find
from captions.segment import segment
from captions.text import plain
from captions.transcript import Transcript, Word
from tests.captions.strategies import awkward_text


def cost(before: str, after: str, silence: int = 0, language: str = "en") -> float:
    return break_cost(before, after, silence, language)


def test_places_to_break_are_ranked_as_the_houses_rank_them():
    ranked = [
        cost("home.", "Then"),
        cost("home", "then", silence=600),
        cost("home,", "he"),
        cost("home", "and"),
        cost("walked", "towards"),
        cost("walked", "slowly"),
        cost("Ada", "Lovelace"),
        cost("the", "house"),
        cost("house", "!"),
    ]
    assert ranked == sorted(ranked)
    assert len(set(ranked)) == len(ranked)


@pytest.mark.parametrize(
    ("before", "after"), [("of", "it"), ("we’re", "here"), ("“the", "house"), ("Mr.", "Smith"), ("I", "know")]
)
def test_words_that_belong_together_are_kept_together(before, after):
    assert cost(before, after) > cost("walked", "slowly")


def test_a_capital_i_is_no_name():
    assert cost("Paris", "I") == cost("paris", "slowly")


def test_a_language_without_rules_still_breaks_at_punctuation():
    assert cost("а.", "б", language="bg") < cost("а,", "б", language="bg") < cost("the", "б", language="bg")


def test_a_region_or_script_keeps_the_rules_of_its_language():
    assert cost("the", "house", language="en-GB") == cost("the", "house", language="EN")


# --- languages: before a conjunction, before a preposition, anywhere, within what may be one thing, after what leads on

RANKED = {
    "ar": "البيت|ثم البيت|في البيت|كبير 3|بيوت في|البيت",
    "cs": "dům|a šel|přes šel|pomalu tři|domy v|domě",
    "da": "huset|og gik|mod gik|langsomt Niels|Bohr det|hus",
    "de": "Haus|und ging|nach ging|langsam drei|Häuser das|Haus",
    "en": "home|and walked|towards walked|slowly Ada|Lovelace the|house",
    "es": "casa|y caminó|hacia caminó|despacio Ana|Torres la|casa",
    "fr": "maison|et marche|vers marche|lentement Marie|Curie la|maison",
    "he": "בית|או הולך|על הולך|לאט 3|בתים של|בית",
    "id": "rumah|dan berjalan|ke berjalan|pelan Budi|Santoso sebuah|rumah",
    "it": "casa|e cammina|verso cammina|lentamente Anna|Rossi la|casa",
    "nb": "huset|og gikk|mot gikk|sakte Kari|Hansen et|hus",
    "nl": "huis|en liep|naar liep|langzaam Jan|Jansen het|huis",
    "nn": "huset|og gjekk|mot gjekk|sakte Kari|Hansen eit|hus",
    "no": "huset|eller gikk|mot gikk|sakte Kari|Hansen et|hus",
    "pl": "dom|i szedł|przez szedł|powoli Jan|Kowalski w|domu",
    "pt": "casa|e caminhou|até caminhou|devagar Ana|Torres uma|casa",
    "ru": "дом|и шёл|через шёл|медленно Иван|Петров в|доме",
    "sv": "huset|och gick|mot gick|sakta Anna|Berg ett|hus",
    "uk": "дім|і йшов|через йшов|повільно Іван|Франко в|домі",
}
"""Pairs of words, from the best place for a break to the worst."""


@pytest.mark.parametrize("language", RANKED)
def test_places_to_break_are_ranked_alike_in_every_language(language):
    ranked = [cost(*pair.split("|"), language=language) for pair in RANKED[language].split()]
    assert all(one < other for one, other in pairwise(ranked))
    assert ranked[2] == ORDINARY


KEPT = {
    "ar": "هذا|البيت لم|يذهب مع|صديقي",
    "cs": "na|stole vrátil|se 5.|května 5|korun paní|Nováková můj|dům může|jít strana|12 tři|miliony",
    "da": "en|bil har|set 5.|maj 5|kroner fru|Hansen at|gå to|millioner side|12",
    "de": """
        dem|Haus keine|Zeit zu|gehen z.|B. Herr|Müller Dr.|Müller 5|Prozent 10|km drei|Stunden 5.|Mai 5,5|Millionen
        zwei|Millionen Seite|12 €|5 im|Jahr ihr|Buch Nr.|7 ist|aber
    """,
    "en": """
        the|house has|gone I|know Mr.|Smith President|Lincoln 10|km five|percent 5|% $5|million May|5 5|May June|2019
        page|12 No.|5 two|hundred 20|years 5|p.m. is|so to|go not|seen King|Jr.
    """,
    "es": "la|casa he|visto no|quiero se|fue 5|euros mayo|2019 3|millones señor|García página|12 dos|horas 20|de",
    "fr": """
        la|maison j'ai|mangé qu'il|mange d'un|homme n'est|rien ne|sait sais|pas 5|euros 10|mai deux|millions
        madame|Curie M.|Hugo page|12 l’|homme s’est|levé «|Oui 5|pour
    """,
    "he": "של|הבית לא|יודע",
    "hi": "घर|में राम|ने जाता|है यह|घर नहीं|जाता",
    "id": "sebuah|rumah tidak|tahu akan|pergi di|rumah 5|persen 5|Mei lima|juta Pak|Budi halaman|12",
    "it": """
        la|casa ho|visto non|so dell'|uomo c'è|gente nell’|aria un|uomo 5|euro 10|maggio due|milioni
        signor|Rossi pagina|12
    """,
    "nb": "et|hus å|gå har|sett 5|kroner 5.|mai to|millioner fru|Hansen side|12",
    "nl": "het|huis 't|huis te|gaan 5|euro 5|mei twee|miljoen mevrouw|Jansen dhr.|Jansen bladzijde|12 op|tafel",
    "nn": "eit|hus eg|veit frå|huset",
    "pl": "w|domu nie|wiem z|nim 5|złotych 5|maja dwa|miliony pan|Kowalski strona|12 np.|dom i|nikt będę|szedł",
    "pt": "uma|casa tenho|visto não|sei nos|encontramos 5|reais maio|2019 dois|milhões senhor|Silva página|12 30|de",
    "ru": "в|доме не|знаю знал|бы был|ли 5|рублей 5|мая 2019|году два|миллиона господин|Петров страница|12 т.|е.",
    "sv": "ett|hus att|gå har|sett 5|kronor 5|maj två|miljoner fru|Berg sidan|12",
    "tr": "bir|ev senin|için geldi|mi iyi|değil 5|lira 5.|kat 5|Mayıs üç|milyon sayın|Yılmaz yüzde|5 çok|iyi İyi|İçin",
    "uk": "в|домі не|знаю знав|би 5|гривень 5|травня два|мільйони пан|Франко сторінка|12 п’ять|днів",
    "xx": "5|km €|5 5|%",
}
"""Pairs of words that belong together."""


@pytest.mark.parametrize(
    ("language", "pair"), [(language, pair) for language in KEPT for pair in KEPT[language].split()]
)
def test_what_belongs_together_costs_more_than_any_other_place(language, pair):
    before, after = pair.split("|")
    assert cost(before, after, language=language) > ORDINARY


@pytest.mark.parametrize("language", [*LANGUAGES, "xx"])
def test_a_number_and_its_unit_are_a_bad_break_in_every_language(language):
    assert cost("10", "km", language=language) == cost("10", "%.", language=language) == CLINGING


@pytest.mark.parametrize(("before", "after"), [("mot", "?"), ("mot", "!"), ("mot", ":"), ("mot", ";"), ("mot", "»")])
def test_a_mark_that_stands_alone_begins_no_line(before, after):
    assert cost(before, after, language="fr") == PUNCTUATION


def test_a_mark_that_stands_alone_ends_its_sentence():
    assert cost("?", "Oui", language="fr") == SENTENCE


def test_what_is_left_alone_with_its_mark_stays_with_its_sentence():
    assert cost("looking", "for.") > cost("looking", "for")
    assert cost("gekommen", "ist.", language="de") > ORDINARY


def test_a_word_that_leads_on_leads_to_no_and():
    assert cost("him", "and") == cost("you", "and") == cost("on", "and") < cost("on", "it")
    assert cost("the", "and") == cost("the", "house")


def test_no_line_ends_with_and():
    assert cost("and", "walked") > cost("walked", "slowly") > cost("home", "and")


def test_a_comma_after_a_conjunction_leaves_it_one():
    assert cost("home", "and,") == cost("home", "and")


def test_a_year_counts_nothing():
    assert cost("1990", "people") < cost("1500.5", "people")
    assert cost("1990", "people") < cost("19", "people")


def test_words_are_known_in_any_case_and_form():
    assert cost("DER", "Hund", language="de") == cost("der", "Hund", language="de")
    assert cost("fu\u0308r", "Hunde", language="de") == cost("für", "Hunde", language="de") > ORDINARY


def test_german_nouns_are_no_names():
    assert cost("Kinder", "Schokolade", language="de") == ORDINARY


# --- where sentences end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["end.", "end!”", "end?)", "終わり。", "نهاية؟", "wait…", "I.", "No.", "p.m.", "5."])
def test_a_sentence_ends_with_its_mark(word):
    assert ends_sentence(word, "en")


@pytest.mark.parametrize("word", ["Mr.", "e.g.", "J.", "Jr.", "“Mr.", "end", "3.5", "end,"])
def test_an_abbreviation_ends_no_sentence(word):
    assert not ends_sentence(word, "en")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("cs", "např. tzv. 5. XIV."),
        ("da", "f.eks. ca. 5."),
        ("de", "z.B. Dr. bzw. 5. 31. XIV. Mio."),
        ("es", "Sr. Dra. EE."),
        ("fr", "Mme. M."),
        ("it", "sig. dott."),
        ("nl", "bijv. dhr."),
        ("pl", "np. tzw. 5."),
        ("pt", "Sra. Dr."),
        ("ru", "т. ул. тыс."),
        ("sv", "t.ex. bl.a."),
        ("tr", "örn. 5."),
    ],
)
def test_a_language_has_dots_that_end_no_sentence(language, words):
    assert not [word for word in words.split() if ends_sentence(word, language)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Haus. 2019. Art. ein."),
        ("es", "5. casa."),
        ("pl", "im. OK. dom."),
        ("ru", "я. им. рис."),
        ("sv", "5. st."),
    ],
)
def test_what_may_end_a_sentence_does(language, words):
    assert all(ends_sentence(word, language) for word in words.split())


# --- whatever the words are -----------------------------------------------------------------------------------

words_of_lists = st.sampled_from(
    sorted({word for one in LANGUAGES.values() for text in one.words.values() for word in text.split()})
)
any_word = (
    words_of_lists | awkward_text | st.builds(str.__add__, words_of_lists, st.sampled_from(["", ".", ",", "’", "»"]))
)
languages = st.sampled_from([*LANGUAGES, "xx", "", "de-AT", "zh-Hant"])


@given(any_word, any_word, st.integers(0, 5000), languages)
def test_every_break_has_a_cost_that_is_always_the_same(before, after, silence, language):
    found = break_cost(before, after, silence, language)
    assert 0 <= found <= PUNCTUATION
    assert math.isfinite(inside_cost(before, silence, language))
    assert found == break_cost(before, after, silence, language.upper())


# --- the lists ------------------------------------------------------------------------------------------------

LISTS = [
    (language, part.name, text)
    for language, lists in (("", COMMON), *((language, one.words) for language, one in LANGUAGES.items()))
    for part, text in lists.items()
]


@pytest.mark.parametrize(("language", "part", "text"), LISTS)
def test_a_list_holds_each_word_once_in_the_form_in_which_words_are_looked_up(language, part, text):
    words = text.split()
    assert sorted(words) == sorted(set(words))
    assert all(word == word.lower() and is_normalized("NFC", word) and "’" not in word for word in words)


def test_a_pattern_of_a_language_takes_the_place_of_a_common_one_or_is_for_a_reason():
    own = {pattern for patterns in OWN_PATTERNS.values() for pattern in patterns}
    assert own - PATTERNS.keys() == {(Part.NUMERAL, Part.PREPOSITION)}


def test_every_language_with_patterns_of_its_own_has_words():
    assert OWN_PATTERNS.keys() <= LANGUAGES.keys()


# --- whole sentences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("de", "Sie blieb gestern zu Hause / weil das sehr alte Auto nicht ansprang"),
        ("de", "Ich habe ihm gestern gesagt / dass der neue Kollege am Montag anfängt"),
        ("fr", "Il a fini par nous dire / qu’il ne voulait pas de cette voiture"),
        ("fr", "Elle a travaillé toute sa vie / dans les champs de ses grands-parents"),
        ("es", "Caminamos todo el día a lo largo del río / y dormimos en la casa de mi tía"),
        ("es", "El alcalde no vino / porque su hija estaba muy enferma"),
    ],
)
def test_a_sentence_breaks_where_a_person_would_break_it_and_length_alone_would_not(language, lines):
    assert broken(lines, language) == lines != broken(lines, "xx")


def broken(text: str, language: str) -> str:
    """A text as it is set in one cue, with a slash between its lines."""
    said = text.replace(" /", "").split()
    words = tuple(Word(one, n * 0.3, n * 0.3 + 0.3, 0.9) for n, one in enumerate(said))
    (cue,) = segment(Transcript(words, language, "e", "m", 60.0), find("netflix")).cues
    return " / ".join(plain(line.text) for line in cue.lines)


# --- going on -------------------------------------------------------------------------------------------------


def test_a_cue_goes_on_for_nothing_inside_a_clause():
    assert inside_cost("walked", 100, "en") == 0


def test_the_longer_the_silence_the_dearer_it_is_to_go_on():
    silences = [inside_cost("walked", silence, "en") for silence in (0, 600, 1500, 2500)]
    assert silences == sorted(set(silences))


def test_going_on_after_a_sentence_costs_more_than_a_new_cue():
    from captions.segment import CUE_COST, TOO_SHORT_COST

    assert CUE_COST < inside_cost("over.", 0, "en") < TOO_SHORT_COST


@pytest.mark.parametrize(
    ("terms", "text", "places"),
    [
        (["Ada Lovelace"], "Then Ada Lovelace wrote.", {2}),
        (["Ada Lovelace"], "(ada LOVELACE’s notes", {1}),
        (["Ada Lovelace"], "Ada said. Lovelace wrote.", set()),
        (["New York Times", "York Times Square"], "the New York Times Square", {2, 3, 4}),
        (["Ada", "", "…"], "Ada wrote.", set()),
    ],
)
def test_where_a_break_would_part_a_term(terms, text, places):
    assert Inseparable(terms).places(text.split()) == places
