"""The rules for components of a message or a modal: each kind's fields, and what may be in what.

Source: components/reference of Discord's documentation; the OpenAPI document does not say all of it.
"""

from __future__ import annotations

from typing import Any

from sandbox.discord.errors import Path
from sandbox.discord.judge import Judge
from sandbox.discord.message import BUTTON, LABEL, LINK, ROW, SELECT, SELECTS, TEXT_DISPLAY, TEXT_INPUT, walk
from sandbox.discord.things import Json

SECTION, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 11, 12, 13, 14, 17
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
NEW = (SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER)
"""What a message has only with the flag IS_COMPONENTS_V2."""
FIELDS = (TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX)
"""What a label of a modal may hold."""

IN_MESSAGE = {None: (ROW, *NEW), ROW: (BUTTON, *SELECTS), SECTION: (TEXT_DISPLAY,), CONTAINER: (ROW, *NEW)}
IN_MODAL = {None: (ROW, LABEL, TEXT_DISPLAY), ROW: (TEXT_INPUT,), LABEL: FIELDS}
ACCESSORIES = (BUTTON, THUMBNAIL)

MOST_COMPONENTS, MOST_ROWS, MOST_IN_ROW, MOST_IN_MODAL, MOST_OPTIONS = 40, 5, 5, 5, 25
MOST_TEXT = 4000
PREMIUM = 6  # a button's style


def check_of_message(judge: Judge, body: Json, path: Path, *, new: bool) -> None:
    """Judge the components of a message; `new`: it has the flag IS_COMPONENTS_V2."""
    top = judge.objects(body, "components", path, MOST_COMPONENTS)
    for place, one in top:
        _check_one(judge, one, place, IN_MESSAGE, None)
    everything = list(walk(body.get("components"), (*path, "components")))
    kinds = [one.get("type") for _, one in everything]
    _check_ids(judge, everything)
    if len(everything) > MOST_COMPONENTS:
        judge.say((*path, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "at most 40, counted nested")
    texts = sum(len(str(one.get("content", ""))) for _, one in everything if one.get("type") == TEXT_DISPLAY)
    if texts > MOST_TEXT:
        judge.say((*path, "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "at most 4000 characters of text")
    if not new and any(kind in NEW for kind in kinds):
        judge.say((*path, "components"), "UNION_TYPE_CHOICES", "a component that needs the flag IS_COMPONENTS_V2")
    if not new and kinds.count(ROW) > MOST_ROWS:
        judge.say((*path, "components"), "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")


def check_of_modal(judge: Judge, body: Json, path: Path) -> None:
    for place, one in judge.objects(body, "components", path, MOST_IN_MODAL, least=1, needed=True):
        _check_one(judge, one, place, IN_MODAL, None)
    _check_ids(judge, list(walk(body.get("components"), (*path, "components"))))


def _check_ids(judge: Judge, everything: list[tuple[Path, Json]]) -> None:
    seen = set()
    for path, one in everything:
        name = one.get("custom_id")
        if isinstance(name, str) and name in seen:
            judge.say(
                (*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
            )
        seen.add(str(name))


def _check_one(judge: Judge, one: Json, path: Path, allowed: dict[Any, tuple[int, ...]], within: int | None) -> None:
    """Judge a component and what is in it."""
    if not judge.choice(one, "type", path, allowed[within]):
        return
    kind = one["type"]
    CHECKS.get(kind, _check_nothing)(judge, one, path, within)
    for place, inner in _inner(judge, one, path):
        _check_one(judge, inner, place, allowed, kind)


def _inner(judge: Judge, one: Json, path: Path) -> list[tuple[Path, Json]]:
    kind = one["type"]
    if kind in (ROW, CONTAINER, SECTION):
        most = {ROW: MOST_IN_ROW, CONTAINER: MOST_COMPONENTS, SECTION: 3}[kind]
        return judge.objects(one, "components", path, most, least=1, needed=True)
    if kind == LABEL:
        found = judge.object(one, "component", path, needed=True)
        return [((*path, "component"), found)] if found else []
    return []


def _check_nothing(*_: object) -> None:
    """Of such a component nothing is checked here."""


def _check_row(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    inner = [part.get("type") for _, part in walk(one.get("components"))]
    if len(inner) > 1 and any(kind in (*SELECTS, TEXT_INPUT) for kind in inner):
        judge.say(
            (*path, "components"),
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_button(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    judge.choice(one, "style", path, tuple(range(1, PREMIUM + 1)))
    judge.text(one, "label", path, 80)
    acts = one.get("style") not in (LINK, PREMIUM)
    judge.text(one, "custom_id", path, 100, least=1, needed=acts)
    judge.text(one, "url", path, 512, needed=one.get("style") == LINK)
    if one.get("style") == LINK and one.get("custom_id"):
        judge.say((*path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "a link has no custom id")
    if acts and one.get("url"):
        judge.say((*path, "url"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "only a link has a URL")
    if one.get("style") != PREMIUM and not one.get("label") and not one.get("emoji"):
        judge.say(path, "BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji.")


def _check_select(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    judge.text(one, "custom_id", path, 100, least=1, needed=True)
    judge.text(one, "placeholder", path, 150)
    least, most = (judge.number(one, name, path, bound, 25) for name, bound in (("min_values", 0), ("max_values", 1)))
    if least is not None and most is not None and least > most:
        judge.say((*path, "min_values"), "SELECT_COMPONENT_INVALID", "min_values is more than max_values")
    if one["type"] == SELECT:
        _check_options(judge, one, path)


def _check_options(judge: Judge, one: Json, path: Path) -> None:
    seen = set()
    for place, option in judge.objects(one, "options", path, MOST_OPTIONS, least=1, needed=True):
        judge.text(option, "label", place, 100, least=1, needed=True)
        judge.text(option, "description", place, 100)
        value = judge.text(option, "value", place, 100, least=1, needed=True)
        if value in seen:
            judge.say(
                (*place, "value"), "COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
            )
        seen.add(value)


def _check_text_input(judge: Judge, one: Json, path: Path, within: int | None) -> None:
    judge.text(one, "custom_id", path, 100, least=1, needed=True)
    judge.choice(one, "style", path, (1, 2))
    judge.text(one, "label", path, 45, least=1, needed=within == ROW)
    judge.text(one, "placeholder", path, 100)
    judge.text(one, "value", path, MOST_TEXT)
    judge.number(one, "min_length", path, 0, MOST_TEXT)
    judge.number(one, "max_length", path, 1, MOST_TEXT)


def _check_label(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    judge.text(one, "label", path, 45, least=1, needed=True)
    judge.text(one, "description", path, 100)


def _check_display(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    judge.text(one, "content", path, MOST_TEXT, least=1, needed=True)


def _check_section(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    accessory = judge.object(one, "accessory", path, needed=True)
    place = (*path, "accessory")
    if accessory and judge.choice(accessory, "type", place, ACCESSORIES) and accessory["type"] == BUTTON:
        _check_button(judge, accessory, place, SECTION)


def _check_upload(judge: Judge, one: Json, path: Path, _: int | None) -> None:
    judge.text(one, "custom_id", path, 100, least=1, needed=True)
    judge.number(one, "min_values", path, 0, 10)
    judge.number(one, "max_values", path, 1, 10)


CHECKS = {
    ROW: _check_row,
    BUTTON: _check_button,
    **dict.fromkeys(SELECTS, _check_select),
    TEXT_INPUT: _check_text_input,
    SECTION: _check_section,
    TEXT_DISPLAY: _check_display,
    LABEL: _check_label,
    FILE_UPLOAD: _check_upload,
}
