import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.characters import NOT_FIRST, NOT_LAST, clusters
from captions.profiles import find, width
from captions.segment import segment
from captions.transcript import Transcript, Word


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("hello", ["hello"]),
        ("今天天气", ["今", "天", "天", "气"]),
        ("好。再", ["好。", "再"]),
        ("「字幕」は", ["「字", "幕」", "は"]),
        ("コンピューター技術", ["コンピューター", "技", "術"]),
        ("がっこう", ["がっ", "こ", "う"]),
        ("2026年", ["2026年"]),
        ("한국어", ["한국어"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_a_line_may_break(text, pieces):
    assert clusters(text) == pieces


@given(st.text(st.sampled_from("今天好。、「」カー々aB1 ，！")))
def test_nothing_is_lost_and_no_piece_begins_or_ends_as_none_may(text):
    pieces = clusters(text)
    assert "".join(pieces) == text
    assert not any(piece[0] in NOT_FIRST for piece in pieces[1:])
    assert not any(piece[-1] in NOT_LAST for piece in pieces[:-1])


def test_chinese_without_spaces_is_set_in_lines_of_sixteen_characters():
    text = "今天我们来谈谈字幕是怎么做出来的，因为很多人都不知道。字幕要让人看得懂，也要让人来得及看，这并不容易。"
    words = [Word(text, 0.0, 12.0, 0.9)]
    track = segment(Transcript(tuple(words), "zh", "e", "m", 15.0), find("netflix", "zh"))
    lines = [line.text for cue in track.cues for line in cue.lines]
    assert "".join(lines) == text
    assert max(map(width, lines)) <= 32
    assert not any(line[0] in NOT_FIRST for line in lines)
    assert sum(cue.lines[-1].text[-1] in "，。" for cue in track.cues) >= len(track.cues) - 1
