import pytest

from bot import typed
from bot.desk import COMMANDS
from bot.desk.command import Argument, Command
from bot.guard import Role
from bot.reply import Reply


def parse(line):
    command, values = typed.parse(typed.split(line), COMMANDS)
    return command.name, values


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        ("status", "status", {}),
        ("draft list", "draft list", {}),
        ("draft approve 3", "draft approve", {"draft": "3"}),
        ("draft download 3 srt", "draft download", {"draft": "3", "format": "srt"}),
        ("draft   list  ", "draft list", {}),
    ],
)
def test_a_line_is_a_command_and_its_arguments_by_name(line, name, values):
    assert parse(line) == (name, values)


def test_a_slash_in_front_changes_nothing():
    assert parse("/draft approve 3") == parse("draft approve 3")


def test_a_command_may_be_typed_in_capitals():
    assert parse("Draft LIST") == ("draft list", {})


def test_an_argument_keeps_its_capitals():
    assert parse("caption dQw4w9WgXcQ")[1] == {"video": "dQw4w9WgXcQ"}


def test_double_quotes_keep_words_together():
    assert parse('channel remove "The Bakery"') == ("channel remove", {"channel": "The Bakery"})


@pytest.mark.parametrize("words", [["it's"], ["Ann's", "and", "Bob's"], ["C:\\new"], ["#1"], ["'quoted"], ["5`s"]])
def test_apostrophes_backslashes_and_hashes_are_letters_like_others(words):
    assert typed.split(" ".join(words)) == words


def test_a_quote_left_open_is_told():
    with pytest.raises(ValueError, match="a quotation mark is left open"):
        typed.split('channel remove "The Bakery')


@pytest.mark.parametrize(
    "line",
    [
        "channel add @bakery --language en",
        "channel add @bakery --language=en",
        "channel add --language en @bakery",
        "channel add --language=en @bakery",
    ],
)
def test_an_option_stands_anywhere_with_a_space_or_an_equals_sign(line):
    assert parse(line) == ("channel add", {"channel": "@bakery", "language": "en"})


def test_the_value_of_an_option_may_hold_an_equals_sign():
    assert parse("channel add @bakery --language=a=b")[1]["language"] == "a=b"


def test_a_flag_takes_no_value():
    assert parse("draft list --all") == ("draft list", {"all": "yes"})


def test_what_was_not_given_is_absent():
    assert parse("channel add @bakery")[1] == {"channel": "@bakery"}


def test_a_rest_argument_takes_all_that_follows():
    assert parse("draft reject 3 wrong language, sorry")[1] == {"draft": "3", "reason": "wrong language, sorry"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("draft reject 3 it's wrong", "it's wrong"),
        ("draft reject 3 the word --all is missing", "the word --all is missing"),
        ("draft reject 3 wrong -- sorry", "wrong -- sorry"),
        ("draft reject 3 wrong --reason=x", "wrong --reason=x"),
        ("draft reject 3 -- --all is missing", "--all is missing"),
        ("draft reject -- 3 --all is missing", "--all is missing"),
    ],
)
def test_a_reason_may_hold_apostrophes_and_dashes(line, reason):
    assert parse(line) == ("draft reject", {"draft": "3", "reason": reason})


def test_a_reason_that_begins_like_an_option_takes_two_dashes_before_it():
    with pytest.raises(ValueError, match="has no option --all"):
        parse("draft reject 3 --all is missing")


@pytest.mark.parametrize("name", ["--aaaaaaaaa", "-aaaaaaaaaa"])
def test_a_video_whose_id_begins_with_dashes_is_no_option(name):
    assert parse(f"caption {name}") == ("caption", {"video": name})


def test_what_hides_or_harms_is_taken_out_of_every_word():
    _, values = typed.parse(["draft", "reject", "3", "\x1b[31mtwo\nlines\u202e", "half \ud800"], COMMANDS)
    assert values["reason"] == "two lines half"


def test_a_rest_argument_may_be_left_out():
    assert parse("draft reject 3")[1] == {"draft": "3"}


def test_help_takes_a_command_of_two_words():
    assert parse("help draft approve") == ("help", {"command": "draft approve"})


@pytest.mark.parametrize(
    ("line", "meant"),
    [("draft aprove 3", "draft approve"), ("chanel add @x", "channel add"), ("statsu", "status"), ("hlep", "help")],
)
def test_a_slip_is_answered_with_what_was_meant(line, meant):
    with pytest.raises(ValueError, match=f"there is no command .* Did you mean '{meant}'"):
        parse(line)


@pytest.mark.parametrize("line", ["channel", "/channel", "Channel"])
def test_a_first_word_alone_is_answered_with_the_commands_below_it(line):
    with pytest.raises(ValueError, match="needs one more word: channel add, channel remove, channel pause"):
        parse(line)


def test_a_second_word_that_is_like_none_is_answered_with_the_commands_below_the_first():
    with pytest.raises(ValueError, match="there is no command 'queue xyzzy'; there are: queue show, queue retry"):
        parse("queue xyzzy")


@pytest.mark.parametrize("line", ["xyzzy", "xyzzy 1 2", "/", '""', ""])
def test_what_is_like_no_command_is_sent_to_help(line):
    with pytest.raises(ValueError, match=r"there is no command .*; help lists them all"):
        parse(line)


def test_an_option_nearly_right_is_answered_with_what_was_meant():
    with pytest.raises(ValueError, match=r"'channel add' has no option --langauge\. Did you mean --language\?"):
        parse("channel add @x --langauge en")


def test_an_option_that_is_like_none_is_answered_with_the_usage():
    with pytest.raises(ValueError, match=r"has no option --force\. Usage: draft approve DRAFT"):
        parse("draft approve 3 --force")


def test_a_flag_with_a_value_is_answered_with_the_usage():
    with pytest.raises(ValueError, match=r"--all takes no value\. Usage: draft list \[--all\]"):
        parse("draft list --all=yes")


def test_an_option_without_its_value_is_answered_with_the_usage():
    with pytest.raises(ValueError, match=r"--language needs a value\. Usage: channel add CHANNEL"):
        parse("channel add @x --language")


def test_what_is_missing_is_named_with_the_usage():
    with pytest.raises(ValueError, match=r"draft missing\. Usage: draft reject DRAFT \[REASON\]"):
        parse("draft reject")


def test_all_that_is_missing_is_named_at_once():
    def move(_desk, _actor, _values):
        return Reply("")

    command = Command("move", "", Role.VIEWER, move, (Argument("here", ""), Argument("there", "")))
    with pytest.raises(ValueError, match="here and there missing"):
        typed.parse(["move"], {"move": command})


def test_what_is_too_much_is_named_with_the_usage():
    with pytest.raises(ValueError, match=r"'now' was not expected\. Usage: draft approve DRAFT"):
        parse("draft approve 3 now")


def test_the_usage_shows_what_may_be_left_out_in_brackets():
    assert COMMANDS["channel add"].usage == "channel add CHANNEL [--language LANGUAGE] [--place PLACE]"
    assert COMMANDS["draft list"].usage == "draft list [--all] [--page PAGE]"
    assert COMMANDS["draft reject"].usage == "draft reject DRAFT [REASON]"


@pytest.mark.parametrize("name", ["term add", "term remove", "draft edit"])
def test_the_usage_shows_options_before_what_takes_all_that_follows(name):
    usage = COMMANDS[name].usage
    assert usage.rindex("--") < min(usage.index(word) for word in ("TERM", "DRAFT") if word in usage)


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("draft edit 3 12 It was the best", {"draft": "3", "cue": "12", "text": "It was the best"}),
        ("draft edit 3 12", {"draft": "3", "cue": "12"}),
        ("draft edit 3 12 -- --wait, it's <i>", {"draft": "3", "cue": "12", "text": "--wait, it's <i>"}),
        ("draft edit 3 12 so --apply it", {"draft": "3", "cue": "12", "text": "so --apply it"}),
        ('draft edit 3 --find "two cities" --by Cities', {"draft": "3", "find": "two cities", "by": "Cities"}),
        ("draft edit 3 --find uh --by= --apply", None),
        ('draft edit 3 --find uh --by "" --apply', {"draft": "3", "find": "uh", "by": "", "apply": "yes"}),
        ("draft edit --apply --find=uh 3", {"draft": "3", "find": "uh", "apply": "yes"}),
        ('draft replace 3 "my file.srt"', {"draft": "3", "file": "my file.srt"}),
        ("term add Ada Lovelace", {"term": "Ada Lovelace"}),
        ("term add --channel 2 Ada Lovelace", {"term": "Ada Lovelace", "channel": "2"}),
        ("term import names.txt --channel 2", {"file": "names.txt", "channel": "2"}),
        ("channel settings 2 --language de --engine default", {"channel": "2", "language": "de", "engine": "default"}),
    ],
)
def test_edits_and_terms_are_typed_as_people_say_them(line, values):
    if values is None:
        with pytest.raises(ValueError, match="--by needs a value"):
            parse(line)
    else:
        assert parse(line)[1] == values


@pytest.mark.parametrize("command", [one for one in COMMANDS.values() if one.example], ids=lambda one: one.name)
def test_every_example_in_the_help_can_be_typed(command):
    assert parse(command.example)[0] == command.name
