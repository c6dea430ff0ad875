"""A message and its files, with their JSON; and its components, which are found by walking them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from sandbox.discord.things import Json, User

EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
SETTABLE_FLAGS = 1 << 2 | EPHEMERAL | 1 << 12 | COMPONENTS_V2  # the other two suppress embeds and notifications
ROW, BUTTON, SELECT, TEXT_INPUT, TEXT_DISPLAY, LABEL = 1, 2, 3, 4, 10, 18
SELECTS = (SELECT, 5, 6, 7, 8)
"""Of strings, users, roles, mentionables and channels."""
LINK = 5  # a button's style
PLACES_IN_EMBEDS = (("image", "url"), ("thumbnail", "url"), ("author", "icon_url"), ("footer", "icon_url"))


@dataclass(frozen=True)
class File:
    """A stored file. Its address is good until it expires."""

    id: str
    name: str
    data: bytes = field(repr=False)
    content_type: str
    description: str | None = None
    ephemeral: bool = False

    def payload(self, origin: str, expires: int) -> Json:
        url = f"{origin}/cdn/{self.id}/{quote(self.name)}?ex={expires:x}&is={expires - 1:x}&hm={'0' * 64}"
        found: Json = {"id": self.id, "filename": self.name, "size": len(self.data), "url": url, "proxy_url": url}
        optional = {"description": self.description, "ephemeral": self.ephemeral}
        return found | {"content_type": self.content_type} | {name: one for name, one in optional.items() if one}


@dataclass
class Message:
    """`seen_by` is the one user whom an ephemeral message is shown to; None: all.

    `embeds` and `components` are as the bot sent them, but for the components' ids. `earlier` are the components that
    it had before, oldest first; `revision` counts its edits from 1.
    """

    id: str
    channel_id: str
    author: User
    created_at: datetime
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    edited_at: datetime | None = None
    nonce: str | int | None = None
    nonce_enforced: bool = False
    seen_by: str | None = None
    reference: Json | None = None
    interaction: Json | None = None
    application_id: str | None = None
    earlier: list[list[Json]] = field(default_factory=list)
    revision: int = 1

    @property
    def is_loading(self) -> bool:
        return bool(self.flags & LOADING)

    def payload(self, origin: str, expires: int) -> Json:
        """Its JSON, with addresses under `origin` that are good until `expires`."""
        files = {file.name: file.payload(origin, expires) for file in self.files}
        used: set[str] = set()
        embeds = [_embed(embed, files, used) for embed in self.embeds]
        found: Json = {
            "id": self.id,
            "channel_id": self.channel_id,
            "author": self.author.payload(),
            "type": self._type(),
            "timestamp": self.created_at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None,
            "content": self.content,
            "embeds": embeds,
            "components": _with_media(self.components, files),
            "attachments": [file.payload(origin, expires) for file in self.files if file.name not in used],
            "flags": self.flags,
            "tts": False,
            "pinned": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
        }
        optional = {"nonce": self.nonce, "message_reference": self.reference, "interaction_metadata": self.interaction}
        if self.application_id:
            optional |= {"application_id": self.application_id, "webhook_id": self.application_id}
        return found | {name: value for name, value in optional.items() if value is not None}

    def _type(self) -> int:
        if self.reference:
            return 19  # a reply
        return 20 if self.interaction and self.interaction["type"] == 2 else 0


def _embed(embed: Json, files: dict[str, Json], used: set[str]) -> Json:
    """The embed with addresses for `attachment://NAME`; such files are no longer listed as the message's own."""
    found = {"type": "rich", **embed}
    if embed.get("fields"):
        found["fields"] = [{"inline": False, **field} for field in embed["fields"]]
    for part, key in PLACES_IN_EMBEDS:
        address = (embed.get(part) or {}).get(key) or ""
        name = address.removeprefix("attachment://")
        if address != name and name in files:
            used.add(name)
            found[part] = {**embed[part], key: files[name]["url"], f"proxy_{key}": files[name]["url"]}
    return found


def _with_media(value: Any, files: dict[str, Json]) -> Any:
    """Components with addresses for `attachment://NAME`."""
    if isinstance(value, list):
        return [_with_media(one, files) for one in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("url", "")).removeprefix("attachment://")
    if name != value.get("url") and name in files:
        return {**value, "url": files[name]["url"], "proxy_url": files[name]["url"]}
    return {key: _with_media(one, files) for key, one in value.items()}


# ---- components


def walk(
    components: Any, path: tuple[str | int, ...] = ("components",)
) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """Every component with the path to it, outer ones first. What is no component is passed over."""
    for index, one in enumerate(components if isinstance(components, list) else []):
        if isinstance(one, dict):
            yield from _walk_one(one, (*path, index))


def _walk_one(one: Json, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    yield path, one
    yield from walk(one.get("components"), (*path, "components"))
    for part in ("accessory", "component"):
        if isinstance(one.get(part), dict):
            yield from _walk_one(one[part], (*path, part))


def numbered(components: list[Json]) -> list[Json]:
    """The components with an `id` each, as Discord numbers those that have none."""
    taken = {one["id"] for _, one in walk(components) if one.get("id")}
    free = (number for number in range(1, 1000) if number not in taken)
    found: list[Json] = _copied(components)
    for _, one in walk(found):
        if not one.get("id"):
            one["id"] = next(free)
        if one.get("type") in SELECTS:
            one |= {"min_values": one.get("min_values", 1), "max_values": one.get("max_values", 1)}
    return found


def _copied(value: Any) -> Any:
    if isinstance(value, list):
        return [_copied(one) for one in value]
    return {key: _copied(one) for key, one in value.items() if one is not None} if isinstance(value, dict) else value
