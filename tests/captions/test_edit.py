import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions import formats
from captions.edit import Replacement, replaced, with_text
from captions.text import clean, escape, plain
from captions.track import Cue, Line, Track
from tests.captions.strategies import awkward_text, tracks

ANN, BOB = "Ann", "Bob"


def track(*cues):
    """Each cue a text, or a tuple of lines; cue n shows from n to n + 0.5 s."""
    made = [
        Cue(float(n), n + 0.5, tuple(line if isinstance(line, Line) else Line(line) for line in lines))
        for n, lines in enumerate((one,) if isinstance(one, str | Line) else one for one in cues)
    ]
    return Track("en", tuple(made))


def texts(edited):
    return [cue.text for cue in edited.cues]


def put(find, by, *cues):
    return texts(replaced(track(*cues), find, by).track)


# ---- one cue


def test_a_cue_gets_another_text_and_the_others_keep_theirs():
    assert texts(with_text(track("one", "two", "three"), 2, "zwei")) == ["one", "zwei", "three"]


def test_a_cue_keeps_its_times_its_id_and_its_settings():
    cue = Cue(1.234, 5.678, (Line("one"),), "intro", "line:0")
    (changed,) = with_text(Track("en", (cue,)), 1, "two").cues
    assert (changed.start, changed.end, changed.id, changed.settings) == (1.234, 5.678, "intro", "line:0")


def test_each_line_of_a_text_is_a_line_of_the_cue():
    assert texts(with_text(track("one"), 1, "  two \r\n\n three  ")) == ["two\nthree"]


def test_lines_keep_the_speaker_of_the_line_that_they_replace():
    before = track((Line("one", ANN), Line("two", BOB)))
    assert [line.speaker for line in with_text(before, 1, "eins\nzwei").cues[0].lines] == [ANN, BOB]


def test_lines_that_are_more_have_the_speaker_of_the_last():
    before = track((Line("one", ANN), Line("two", BOB)))
    assert [line.speaker for line in with_text(before, 1, "a\nb\nc\nd").cues[0].lines] == [ANN, BOB, BOB, BOB]


def test_a_cue_without_a_line_gets_one_that_nobody_is_said_to_speak():
    assert with_text(Track("en", (Cue(0, 1, ()),)), 1, "one").cues[0].lines == (Line("one"),)


@pytest.mark.parametrize("text", ["<i>loud</i>", "a < b & c > d", "&amp;", "<v Ann>", "1 --> 2", "{\\an8}"])
@pytest.mark.parametrize("name", ["vtt", "srt"])
def test_what_looks_like_markup_is_shown_as_it_is(text, name):
    edited = with_text(track("one"), 1, text)
    assert plain(edited.cues[0].text) == text
    file = formats.write(edited, name)
    (read,) = formats.read(file, name, "en").cues
    assert plain(read.text).replace(" ", "") == text.replace(" ", "")  # SubRip parts what it cannot escape


@pytest.mark.parametrize("text", ["", "  ", "\n\n", "\u200b", "\x1b[31m", "\u202e \ufeff"])
def test_a_text_of_nothing_takes_the_cue_out(text):
    assert texts(with_text(track("one", "two", "three"), 2, text)) == ["one", "three"]


def test_the_only_cue_may_be_taken_out():
    assert with_text(track("one"), 1, "").cues == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("zero\u200bwidth", "zerowidth"),
        ("\u202eback", "back"),
        ("\x1b[31mred\x07", "red"),
        ("שלום \u200fעולם", "שלום \u200fעולם"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud800", "half"),
        ("tab\there", "tab here"),
    ],
)
def test_what_hides_or_reorders_is_taken_out_and_what_writing_needs_is_kept(typed, kept):
    assert texts(with_text(track("one"), 1, typed)) == [kept]


@pytest.mark.parametrize("number", [0, -1, 4, 10**9])
def test_a_cue_that_there_is_not_is_told_of(number):
    with pytest.raises(ValueError, match=f"there is no cue {number}: there are 3"):
        with_text(track("one", "two", "three"), number, "x")


# ---- a word wherever it stands


def test_a_word_is_replaced_wherever_it_stands():
    found = replaced(track("salt and salt", "flour", ("no salt", "salt!")), "salt", "sugar")
    assert texts(found.track) == ["sugar and sugar", "flour", "no sugar\nsugar!"]
    assert (found.count, found.cues) == (4, (0, 2))


@pytest.mark.parametrize("find", ["salt", "Salt", "SALT"])
def test_a_word_is_found_in_any_case(find):
    assert put(find, "Sugar", "SALT, salt and Salt") == ["Sugar, Sugar and Sugar"]


@pytest.mark.parametrize("text", ["category", "concat", "cat_1", "cats", "cát", "cat\u0301", "кcat"])
def test_a_part_of_a_word_is_not_found(text):
    found = replaced(track(text), "cat", "dog")
    assert found == Replacement(track(text), 0, ())


@pytest.mark.parametrize(
    ("find", "text"),
    [
        ("cat", "cat"),
        ("cat", "the cat"),
        ("cat", "cat, dog"),
        ("cat", "“cat”"),
        ("cat", "cat's"),
        ("cat", "cat-like"),
        ("Don't", "don't"),
        ("C++", "C++ is"),
        ("b.c", "a b.c d"),
        ("(what)", "so (what)?"),
        ("Well,", "Well, I"),
        ("…", "wait…"),
        ("the  black\tcat", "the black cat"),
        ("black cat", "black\u00a0cat"),
    ],
)
def test_words_are_found_up_to_what_is_no_letter_of_theirs(find, text):
    assert replaced(track(text), find, "x").count == 1


@pytest.mark.parametrize("text", ["abc", "ab c", "axc"])
def test_what_is_sought_is_no_pattern(text):
    assert replaced(track(text), "a.c", "x").count == 0


@pytest.mark.parametrize(
    ("find", "by", "before", "after"),
    [
        ("字", "詞", "字幕は字", "詞幕は詞"),
        ("AI", "人工知能", "最近のAIは", "最近の人工知能は"),
        ("مرحبا", "أهلا", "مرحبا يا مرحبا", "أهلا يا أهلا"),
        ("शब्द", "नाम", "शब्द, शब्दों", "नाम, शब्दों"),
        ("می", "x", "می\u200cخواهم می", "می\u200cخواهم x"),
    ],
)
def test_words_of_every_script_are_found(find, by, before, after):
    assert put(find, by, before) == [after]


def test_a_place_within_a_word_hides_no_other_that_begins_in_it():
    assert put("a a", "x", "ba a a") == ["ba x"]


def test_what_is_put_in_is_not_searched_again():
    assert put("a", "a a", "a b") == ["a a b"]


@pytest.mark.parametrize("by", ["\\1", "\\g<0>", "$1", "\\n"])
def test_what_is_put_in_is_no_template(by):
    assert put("one", by, "one") == [escape(by)]


def test_words_across_two_lines_are_not_found():
    assert replaced(track(("black", "cat")), "black cat", "x").count == 0


# markup


@pytest.mark.parametrize("find", ["i", "c", "loud", "v", "Fred", "b"])
def test_tags_are_not_searched(find):
    text = "<i>so</i> <c.loud>it</c> <b>is</b> <v Fred>said"
    assert replaced(track(text), find, "x") == Replacement(track(text), 0, ())


@pytest.mark.parametrize("find", ["amp", "lt", "nbsp"])
def test_references_are_not_searched(find):
    assert replaced(track("salt &amp; flour &lt; 3&nbsp;g"), find, "x").count == 0


def test_the_markup_around_a_word_stays():
    assert put("salt", "sugar", "<i>salt</i> &amp; <b>salt</b>") == ["<i>sugar</i> &amp; <b>sugar</b>"]


@pytest.mark.parametrize(
    ("find", "by", "before", "after"),
    [
        ("A & B", "C", "A &amp; B", "C"),
        ("&", "and", "A &amp; B", "A and B"),
        ("<i>", "x", "&lt;i&gt; is a tag", "x is a tag"),
        ("and", "&", "A and B", "A &amp; B"),
        ("bold", "<b>bold</b>", "is bold", "is &lt;b&gt;bold&lt;/b&gt;"),
        ("salt", "&lt;", "salt", "&amp;lt;"),
    ],
)
def test_characters_of_markup_are_found_and_put_in_as_text(find, by, before, after):
    assert put(find, by, before) == [after]


def test_speakers_are_kept_and_not_searched():
    found = replaced(track((Line("Ann is here", ANN), Line("Is Ann?", BOB))), "ann", "Anna")
    assert found.track == track((Line("Anna is here", ANN), Line("Is Anna?", BOB)))


# nothing in its place


def test_without_a_word_in_its_place_a_word_goes_with_its_space():
    assert put("uh", "", "so uh I", "uh so", "so uh") == ["so I", "so", "so"]


def test_a_line_that_nothing_is_left_of_goes():
    assert put("uh", "", ("uh", "so")) == ["so"]


def test_a_cue_that_nothing_is_left_of_goes_and_is_told_by_its_old_place():
    found = replaced(track("one", "<i>uh</i>", "three uh"), "uh", "")
    assert texts(found.track) == ["one", "three"]
    assert (found.count, found.cues) == (2, (1, 2))


def test_a_cue_that_was_empty_before_is_left_alone():
    before = Track("en", (Cue(0, 1, ()), Cue(1, 2, (Line("salt"),))))
    assert [cue.start for cue in replaced(before, "salt", "sugar").track.cues] == [0, 1]


@pytest.mark.parametrize("find", ["", "  ", "\u200b", "\x1b[31m"])
def test_nothing_cannot_be_found(find):
    with pytest.raises(ValueError, match="say what is to be found"):
        replaced(track("one"), find, "x")


@pytest.mark.parametrize("find", ["sa\u200blt", "\u202esalt", " salt\n"])
def test_what_is_sought_is_cleaned_as_captions_are(find):
    assert put(find, "su\u202egar", "salt") == ["sugar"]


# ---- whatever is changed


def shells(edited):
    """All of a track but what is said."""
    return [(cue.start, cue.end, cue.id, cue.settings) for cue in edited.cues]


@given(tracks(), st.integers(1, 6), awkward_text)
def test_a_text_changes_no_time(before, number, text):
    if number > len(before.cues):
        with pytest.raises(ValueError, match="there is no cue"):
            with_text(before, number, text)
        return
    after = with_text(before, number, text)
    expected = shells(before)
    if clean(text):
        assert shells(after) == expected
        assert " ".join(plain(after.cues[number - 1].text).split()) == " ".join(clean(text).split())
    else:
        del expected[number - 1]
        assert shells(after) == expected


@given(tracks(), st.data())
def test_a_replacement_changes_no_time_and_leaves_what_it_did_not_find(before, data):
    words = sorted({word for cue in before.cues for word in plain(cue.text).split()})
    find = data.draw(st.sampled_from(words) if words else st.just("x")) if data.draw(st.booleans()) else "salt"
    by = data.draw(awkward_text)
    if not clean(find):
        return
    found = replaced(before, find, by)
    emptied = {n for n in found.cues if shells(before)[n] not in shells(found.track)}
    assert shells(found.track) == [shell for n, shell in enumerate(shells(before)) if n not in emptied]
    untouched = [cue for n, cue in enumerate(before.cues) if n not in found.cues]
    assert [cue for cue in found.track.cues if cue in untouched] == untouched
    if clean(by):
        assert shells(found.track) == shells(before)
    assert bool(found.count) is bool(found.cues)


@given(tracks(), awkward_text.filter(clean), awkward_text)
def test_a_replacement_can_be_written_and_read_again(before, find, by):
    after = replaced(before, find, by).track
    for name in ("vtt", "srt"):
        again = formats.read(formats.write(after, name), name, "en")
        assert [round(cue.start, 3) for cue in again.cues] == [round(cue.start, 3) for cue in after.cues]


def test_a_label_that_was_typed_with_the_text_is_not_shown_twice():
    track = Track("en", (Cue(0, 2, (Line("No.", "Ada"),)),), "name")
    (cue,) = with_text(track, 1, "Ada: Yes.").cues
    assert cue.lines == (Line("Yes.", "Ada"),)
