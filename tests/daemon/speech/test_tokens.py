"""Tokens to words, and times for tokens that have none: for any tokens, and by examples."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from captions.transcript import SpeechSpan
from daemon.speech.engines.token_times import aligned, spread
from daemon.speech.engines.tokens import TOKEN_SECONDS, Token, words

TEXTS = ["▁wor", " the", "ld", ",", "▁.", "▁", "¿", "▁(", "是", "礼拜", "，", "▁é", "'s", "<unk>", "▁<|en|>", "7", "!"]
BEGIN, END = 10.0, 20.0
MANY = settings(deadline=None, max_examples=60)  # a busy machine is nobody's fault

any_tokens = st.lists(st.builds(Token, st.sampled_from(TEXTS), st.floats(9, 21), st.floats(0, 1)), max_size=40).map(
    lambda tokens: sorted(tokens, key=lambda token: token.start)
)
any_texts = st.lists(st.sampled_from([text for text in TEXTS if "<" not in text]), min_size=1, max_size=40)


@st.composite
def any_speech(draw):
    edges = sorted(draw(st.lists(st.floats(BEGIN, END), min_size=2, max_size=8, unique=True)))
    assume(all(after - before > 0.01 for before, after in pairwise(edges)))
    return [SpeechSpan(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]


def made(*tokens):
    """The words of tokens that begin half a second after each other."""
    return words([Token(text, 10 + place / 2) for place, text in enumerate(tokens)], BEGIN, END)


def texts(*tokens):
    return [word.text for word in made(*tokens)]


def plain(tokens):
    return "".join(text.replace("▁", "").strip() for text in tokens if "<" not in text)


# ---- tokens to words


@MANY
@given(any_tokens)
def test_every_token_is_in_one_word_in_order(tokens):
    assert "".join(word.text for word in words(tokens, BEGIN, END)) == plain(token.text for token in tokens)


@MANY
@given(any_tokens)
def test_times_are_within_the_piece_never_run_back_and_words_do_not_overlap(tokens):
    edges = [time for word in words(tokens, BEGIN, END) for time in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(BEGIN <= edge <= END for edge in edges)


@MANY
@given(any_tokens)
def test_confidences_are_probabilities(tokens):
    assert all(0 <= word.confidence <= 1 for word in words(tokens, BEGIN, END))


@MANY
@given(any_tokens)
def test_words_have_no_space_in_or_around_them(tokens):
    assert all(word.text and not any(one.isspace() for one in word.text) for word in words(tokens, BEGIN, END))


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["▁Hel", "lo", "▁wor", "ld"], ["Hello", "world"]),
        ([" Hel", "lo", " world"], ["Hello", "world"]),
        (["▁", "Hel", "lo", "▁", "world"], ["Hello", "world"]),
        (["▁yes", ",", "▁no", "."], ["yes,", "no."]),
        (["▁yes", "▁,", "▁no", "▁."], ["yes,", "no."]),
        (["▁¿", "▁Qué", "▁?"], ["¿Qué?"]),
        (["▁it", "'", "s"], ["it's"]),
        (["昨", "天", "是", " MON", "DAY", "IS", "礼", "拜", "，"], ["昨", "天", "是", "MONDAYIS", "礼", "拜，"]),
        (["▁don", "<unk>", "t", "▁<|en|>"], ["dont"]),
        (["</s>"], []),
        ([], []),
    ],
)
def test_tokens_become_words(tokens, expected):
    assert texts(*tokens) == expected


def test_a_word_ends_where_the_next_token_begins_or_after_a_guess():
    first, second = words([Token("▁a", 10), Token("▁b", 10.2)], BEGIN, END)
    assert (first.start, first.end) == (10, 10.2)
    assert (second.start, second.end) == (10.2, 10.2 + TOKEN_SECONDS)


def test_punctuation_after_a_pause_makes_its_word_no_longer():
    word, _ = words([Token("▁yes", 10), Token(".", 12), Token("▁No", 13)], BEGIN, END)
    assert (word.text, word.end) == ("yes.", 10 + TOKEN_SECONDS)


def test_the_last_word_ends_with_the_piece():
    assert words([Token("▁a", 19.9)], BEGIN, END)[0].end == END


def test_a_word_is_as_sure_as_its_tokens_and_punctuation_does_not_count():
    (word,) = words([Token("▁a", 10, 0.9), Token("b", 10.1, 0.4), Token(".", 10.2, 0.01)], BEGIN, END)
    assert word.confidence == pytest.approx(0.6)


# ---- times for tokens that have none


@MANY
@given(any_texts, any_speech())
def test_spread_tokens_are_in_speech_and_in_order(said, speech):
    times = [token.start for token in spread(said, speech)]
    assert times == sorted(times)
    assert [token.text for token in spread(said, speech)] == said
    assert all(any(span.start - 1e-6 <= time <= span.end + 1e-6 for span in speech) for time in times)


@MANY
@given(any_texts, any_tokens, any_speech())
def test_aligned_tokens_are_all_there_and_in_order(said, timed, speech):
    found = aligned(said, timed, speech)
    times = [token.start for token in found]
    assert [token.text for token in found] == said
    assert times == pytest.approx(sorted(times))
    assert all(0 <= token.confidence <= 1 for token in found)


@MANY
@given(any_tokens, any_speech())
def test_tokens_aligned_with_themselves_have_their_own_times(timed, speech):
    timed = [token for token in timed if plain([token.text])]
    assume(timed)
    found = aligned([token.text for token in timed], timed, speech)
    assert [token.start for token in found] == pytest.approx([token.start for token in timed])
    assert {token.confidence for token in found} == {1}


def test_what_only_one_model_heard_stands_between_and_is_doubted():
    timed = [Token("好", 10), Token("天", 14)]
    found = aligned(["好", "是", "礼", "拜", "天"], timed, [SpeechSpan(10, 15)])
    assert [(token.start, token.confidence) for token in found] == [(10, 1), (11, 0), (12, 0), (13, 0), (14, 1)]


def test_tokens_may_be_cut_otherwise():
    timed = [Token("▁hel", 10), Token("lo", 10.4)]
    (found,) = aligned(["▁hello"], timed, [SpeechSpan(10, 11)])
    assert (found.start, found.confidence) == (10, 1)


def test_where_the_models_agree_in_nothing_all_is_doubted():
    found = aligned(["好", "天"], [Token("不", 12)], [SpeechSpan(10, 12)])
    assert [(token.start, token.confidence) for token in found] == [(10, 0), (11, 0)]


def test_nothing_is_spread_over_a_pause():
    found = spread(["一", "二", "三", "四"], [SpeechSpan(10, 11), SpeechSpan(15, 16)])
    assert [token.start for token in found] == [10, 10.5, 15, 15.5]


def test_nothing_said_has_no_times():
    assert aligned([], [Token("好", 10)], [SpeechSpan(10, 11)]) == []
