"""A person fills in the modal that is open, and submits it. What is not filled in stays as it was prefilled."""

from __future__ import annotations

from typing import Any

from sandbox.discord.acting import Actor, CannotDo, Resolved
from sandbox.discord.clicks import chosen
from sandbox.discord.components import CHECKBOX, CHECKBOX_GROUP, FIELDS, FILE_UPLOAD, RADIO_GROUP
from sandbox.discord.interaction import Interaction, Type
from sandbox.discord.message import LABEL, ROW, SELECT, SELECTS, TEXT_INPUT, walk
from sandbox.discord.state import Discord
from sandbox.discord.things import Json

MOST_TEXT = 4000


def submit(
    discord: Discord,
    user: str,
    values: Json,
    custom_id: str | None = None,
    *,
    channel: str,
    force: bool = False,
    message: str | None = None,
) -> Interaction:
    """Submit the modal that is open for the user, with values by custom_id or label. Raise CannotDo, ValueError.

    `force`: as from a screen that shows another one, of this custom_id, opened below `message`; all its fields are
    texts.
    """
    opener = discord.open_forms.get(discord.user(user).id)
    modal = opener.modal if opener is not None else None
    if opener is None or modal is None or custom_id not in (None, modal["custom_id"]):
        if not force or custom_id is None:
            raise CannotDo(f"no modal {custom_id or ''} is open for {user}".replace("  ", " "))
        actor = Actor.at(discord, user, channel)
        data = {"custom_id": custom_id, "components": [_made_up(*one) for one in values.items()]}
        shown = None if message is None else discord.payload(discord.message(message))
        return actor.act(Type.SUBMIT, f"modal {custom_id}", data, shown)
    return _submit(discord, user, values, opener, modal)


def _submit(discord: Discord, user: str, values: Json, opener: Interaction, modal: Json) -> Interaction:
    actor = Actor.at(discord, user, opener.channel_id)
    resolved = actor.resolved()
    filled = _filled(modal, values, resolved)
    components = [_sent(one, filled) for one in modal["components"]]
    message = discord.messages.get(opener.message_id or "")
    data = resolved.into({"custom_id": modal["custom_id"], "components": components})
    shown = None if message is None else discord.payload(message)
    return actor.act(Type.SUBMIT, f"modal {modal['custom_id']}", data, shown)


def _made_up(custom_id: str, value: Any) -> Json:
    field = {"type": TEXT_INPUT, "id": 2, "custom_id": custom_id, "value": str(value)}
    return {"type": LABEL, "id": 1, "component": field}


def _sent(one: Json, filled: dict[str, Json]) -> Json:
    """A component of the modal, as it is sent back."""
    if one["type"] == LABEL:
        return {"type": LABEL, "id": one["id"], "component": filled[one["component"]["custom_id"]]}
    if one["type"] == ROW:
        inner = [filled[field["custom_id"]] for field in one["components"]]
        return {"type": ROW, "id": one["id"], "components": inner}
    return {"type": one["type"], "id": one["id"]}


def _filled(modal: Json, values: Json, resolved: Resolved) -> dict[str, Json]:
    """Every field as it is sent, by custom_id."""
    labels = {one["component"]["custom_id"]: one["label"] for one in modal["components"] if one["type"] == LABEL}
    left = dict(values)
    found = {}
    for _, field in walk(modal["components"]):
        if field["type"] not in FIELDS:
            continue
        name = field["custom_id"]
        label = labels.get(name) or field.get("label")
        given = left.pop(name, left.pop(str(label), None))
        head = {"type": field["type"], "id": field["id"], "custom_id": name}
        found[name] = head | _content(field, given, resolved)
    if left:
        raise CannotDo(f"the modal has no field {', '.join(left)}; it has: {', '.join(found)}")
    return found


def _content(field: Json, given: Any, resolved: Resolved) -> Json:
    kind = field["type"]
    if kind == TEXT_INPUT:
        return {"value": _text(field, given)}
    if kind == CHECKBOX:
        return {"value": bool(field.get("default", False) if given is None else given)}
    if kind == RADIO_GROUP:
        return {"value": _radio(field, given)}
    if given is None and not field.get("required", True):
        return {"values": _preset(field)}
    wanted = _preset(field) if given is None else given
    if kind == FILE_UPLOAD:
        return {"values": _files(field, wanted, resolved)}
    if kind in SELECTS:
        return {"values": chosen(field, wanted, resolved)}
    assert kind == CHECKBOX_GROUP  # noqa: S101 there are no more
    most = field.get("max_values", len(field["options"]))
    return {"values": chosen({**field, "type": SELECT, "max_values": most}, wanted, resolved)}


def _preset(field: Json) -> list[str]:
    chosen_before = [option["value"] for option in field.get("options", []) if option.get("default")]
    return chosen_before or [one["id"] for one in field.get("default_values", [])]


def _text(field: Json, given: Any) -> str:
    value = field.get("value", "") if given is None else given
    if not isinstance(value, str):
        raise CannotDo(f"{field['custom_id']} is a text, not {value!r}")
    least, most = field.get("min_length") or 0, field.get("max_length") or MOST_TEXT
    if not value:
        least = 1 if field.get("required", True) else 0
    if not least <= len(value) <= most:
        raise CannotDo(f"{field['custom_id']} has {least} to {most} characters, not {len(value)}")
    return value


def _radio(field: Json, given: Any) -> str | None:
    wanted = given if given is not None else next(iter(_preset(field)), None)
    for option in field["options"]:
        if wanted in (option["value"], option["label"]):
            return str(option["value"])
    if wanted is not None or field.get("required", True):
        raise CannotDo(f"{wanted!r} is not offered by {field['custom_id']}")
    return None


def _files(field: Json, given: Any, resolved: Resolved) -> list[str]:
    files = given if isinstance(given, list) else [given]
    least, most = field.get("min_values", 1), field.get("max_values", 1)
    if not least <= len(files) <= most:
        raise CannotDo(f"{field['custom_id']} takes {least} to {most} files")
    return [resolved.file(one) for one in files]
