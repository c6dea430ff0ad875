"""A typed line becomes a command and its arguments. Pure; the table of commands is passed in."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Mapping, Sequence

from bot.desk.command import Argument, Command
from captions.text import clean_line
from store.references import VIDEO_ID


def split(line: str) -> list[str]:
    """The words of a line; those in double quotes stay together. Raise ValueError if a quote is left open."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.quotes, lexer.escape, lexer.commenters = '"', "", ""  # people type apostrophes and backslashes
    try:
        return list(lexer)
    except ValueError:
        raise ValueError("a quotation mark is left open") from None


def parse(words: Sequence[str], commands: Mapping[str, Command]) -> tuple[Command, dict[str, str]]:
    """The command that `words` begin with, with or without a slash, and its arguments by name.

    Raise ValueError saying what is wrong, with "did you mean".
    """
    clean = [clean_line(word) for word in words]  # also what is no Unicode: half a surrogate pair
    command, rest = _command([clean[0].removeprefix("/"), *clean[1:]] if clean else [], commands)
    return command, _arguments(command, rest)


def line(command: Command, values: Mapping[str, str]) -> str:
    """The command with these values as people type it: what `parse` reads."""
    options = [one for one in command.arguments if one.option or one.flag]
    places = [one for one in command.arguments if not one.option and not one.flag]
    given = [
        f"--{one.name}" + ("" if one.flag else f" {_quoted(values[one.name])}") for one in options if one.name in values
    ]
    typed = [values[one.name] if one.rest else _quoted(values[one.name]) for one in places if one.name in values]
    last_first = any(one.rest for one in places)
    return " ".join([command.name, *given, *typed] if last_first else [command.name, *typed, *given])


def _quoted(value: str) -> str:
    return f'"{value}"' if not value or any(one.isspace() for one in value) else value


def _command(words: list[str], commands: Mapping[str, Command]) -> tuple[Command, list[str]]:
    for length in (2, 1):
        name = " ".join(words[:length]).lower()
        if len(words) >= length and name in commands:
            return commands[name], words[length:]
    typed = " ".join(words[:2]).lower()
    below = [name for name in commands if words and name.startswith(f"{words[0].lower()} ")]
    if below and len(words) == 1:
        raise ValueError(f"{typed!r} needs one more word: {', '.join(below)}")
    close = difflib.get_close_matches(typed, commands, n=1, cutoff=0.8 if below else 0.6)
    if not close and not below and words:
        close = difflib.get_close_matches(words[0].lower(), commands, n=1)
    if close:
        raise ValueError(f"there is no command {typed!r}. Did you mean {close[0]!r}?")
    if below:
        raise ValueError(f"there is no command {typed!r}; there are: {', '.join(below)}")
    raise ValueError(f"there is no command {typed!r}; help lists them all")


def _arguments(command: Command, words: list[str]) -> dict[str, str]:
    options = {f"--{one.name}": one for one in command.arguments if one.option or one.flag}
    places = [one for one in command.arguments if not one.option and not one.flag]
    values: dict[str, str] = {}
    loose: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if word == "--" or (len(loose) >= len(places) and places and places[-1].rest):
            loose += [*([] if word == "--" and len(loose) < len(places) else [word]), *left]
            break
        if word.startswith("--") and not VIDEO_ID.fullmatch(word):
            _option(command, options, word, left, values)
        else:
            loose.append(word)
    _places(command, places, loose, values)
    return values


def _option(
    command: Command, options: Mapping[str, Argument], word: str, left: list[str], values: dict[str, str]
) -> None:
    """Take an option, and its value from what is `left`."""
    name, assigned, value = word.partition("=")
    option = options.get(name)
    if option is None:
        close = difflib.get_close_matches(name, options, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" Usage: {command.usage}"
        raise ValueError(f"{command.name!r} has no option {name}.{hint}")
    if option.flag:
        if assigned:
            raise ValueError(f"{name} takes no value. Usage: {command.usage}")
        values[option.name] = "yes"
        return
    if not value and (assigned or not left):
        raise ValueError(f"{name} needs a value. Usage: {command.usage}")
    values[option.name] = value or left.pop(0)


def _places(command: Command, places: list[Argument], loose: list[str], values: dict[str, str]) -> None:
    for place in places:
        if not loose:
            break
        values[place.name] = " ".join(loose) if place.rest else loose[0]
        del loose[: len(loose) if place.rest else 1]
    if loose:
        raise ValueError(f"{loose[0]!r} was not expected. Usage: {command.usage}")
    missing = [place.name for place in places if place.required and place.name not in values]
    if missing:
        raise ValueError(f"{' and '.join(missing)} missing. Usage: {command.usage}")
