"""What the model is told, within what it takes. Tokens are words here, but for the tests with the real tokenizer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from daemon.speech.engines.whisper.prompt import PROMPT_TOKENS, Prompt, beginning, prompt
from tests.conftest import whisper_tiny


def count(text):
    return len(text.split())


@pytest.fixture(scope="module")
def tokens():
    tokenizer = Tokenizer.from_file(str(whisper_tiny() / "tokenizer.json"))
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def test_terms_come_first_and_the_context_gets_the_rest():
    assert prompt(["Ada Lovelace", "Babbage"], "On the first programme", count, 5) == Prompt(
        "Ada Lovelace, Babbage", "On the"
    )


@pytest.mark.parametrize(
    ("terms", "limit", "kept", "left_out"),
    [
        (["a", "b", "c"], 2, "a, b", 1),
        (["a", "b c d", "e"], 2, "a, e", 1),  # a long one does not keep out those after it
        (["a", "a", " a "], 3, "a", 0),
        (["", "  ", "a"], 3, "a", 0),
        (["a b"], 1, "", 1),
        ([], 3, "", 0),
    ],
)
def test_terms_that_do_not_fit_are_left_out_in_their_order(terms, limit, kept, left_out):
    assert prompt(terms, "", count, limit) == Prompt(kept, "", left_out)


@pytest.mark.parametrize(
    ("left_out", "note"),
    [
        (0, ""),
        (1, "1 term of the glossary did not fit into what Whisper can be told, and had no effect."),
        (7, "7 terms of the glossary did not fit into what Whisper can be told, and had no effect."),
    ],
)
def test_what_was_left_out_is_a_sentence(left_out, note):
    assert Prompt(left_out=left_out).note == note


def test_no_terms_and_no_context_are_no_prompt():
    assert prompt([], "", count) == Prompt()


def test_the_context_ends_with_a_whole_word(tokens):
    cut = beginning("Extraordinarily incomprehensible " * 30, tokens, 20)
    assert cut
    assert set(cut.split()) <= {"Extraordinarily", "incomprehensible"}


def test_where_there_are_no_spaces_the_context_ends_anywhere(tokens):
    cut = beginning("客観的実在の判断的知識が整理するのである" * 30, tokens, 40)
    assert len(cut) > 5
    assert tokens(" " + cut) <= 40


@pytest.mark.parametrize("text", ["<|endoftext|>", "<|startoftranscript|><|translate|>", "a <|0.00|> b", "<<|en|>|>"])
def test_nobody_writes_the_models_own_tokens_into_a_title(tokens, text):
    tokenizer = Tokenizer.from_file(str(whisper_tiny() / "tokenizer.json"))
    made = prompt([text], text, tokens)
    first_special = tokenizer.token_to_id("<|endoftext|>")
    for said in (made.terms, made.context):
        assert max(tokenizer.encode(said, add_special_tokens=False).ids) < first_special


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=40), st.text(max_size=600))
def test_whatever_is_told_the_model_takes_it(tokens, terms, context):
    made = prompt(terms, context, tokens)
    told = (" " + made.terms if made.terms else "", " " + made.context if made.context else "")
    assert sum(map(tokens, told)) <= PROMPT_TOKENS
    assert prompt(terms, context, tokens) == made
