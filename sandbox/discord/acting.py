"""A person acts: what Discord then sends to the bot, and what the person sees of the answer."""

from __future__ import annotations

import base64
import mimetypes
import re
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.interaction import NO_ANSWER, Callback, Interaction, Type
from sandbox.discord.message import File, Message
from sandbox.discord.state import Discord
from sandbox.discord.things import Channel, Guild, Json, Member

AFTER_DEADLINE_SECONDS = 0.01
APP_PERMISSIONS = str((1 << 31) - 1)
NO_BOT = "The application did not respond (no bot has a session)"
OUTCOMES = {
    Callback.MESSAGE: "message",
    Callback.THINKING: "message",
    Callback.SILENT: "silent",
    Callback.UPDATE: "update",
    Callback.CHOICES: "choices",
    Callback.MODAL: "modal",
}


class CannotDo(ValueError):
    """Discord's own client does not let a person do this; `str()` says why."""


@dataclass
class Resolved:
    """What ids in the values of an interaction stand for."""

    discord: Discord
    channel: Channel
    found: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def guild(self) -> Guild:
        if self.channel.guild_id is None:
            raise CannotDo("this is no guild")
        return self.discord.guilds[self.channel.guild_id]

    def user(self, reference: str) -> str:
        """A member by name or id; the id."""
        member = self.discord.member(reference, self.guild)
        about = {name: value for name, value in member.payload().items() if name not in ("user", "deaf", "mute")}
        self._add("users", member.user.id, member.user.payload())
        self._add("members", member.user.id, about | {"permissions": str(self.guild.permissions_of(member))})
        return member.user.id

    def role(self, reference: str) -> str:
        role = next((one for one in self.guild.roles.values() if reference in (one.id, one.name)), None)
        if role is None:
            raise CannotDo(f"there is no role {reference!r}")
        self._add("roles", role.id, role.payload())
        return role.id

    def place(self, reference: str, types: list[int] | None = None) -> str:
        """A channel by name or id, of one of the types; the id."""
        channel = self.discord.channel(reference, self.guild.id)
        if types and channel.type not in types:
            raise CannotDo(f"#{channel.name} is not offered: it is of another type")
        self._add("channels", channel.id, channel.payload() | {"permissions": APP_PERMISSIONS})
        return channel.id

    def mentionable(self, reference: str) -> str:
        try:
            return self.user(reference)
        except ValueError:
            return self.role(reference)

    def file(self, value: Any) -> str:
        """Upload a file: {"filename": …, "base64": …}; the attachment's id."""
        try:
            name, data = str(value["filename"]), base64.b64decode(value["base64"], validate=True)
        except (TypeError, KeyError, ValueError):
            raise CannotDo('a file is {"filename": …, "base64": …}') from None
        if len(data) > self.discord.size_limit(self.channel):
            raise CannotDo("the file is too large for this guild")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        file = File(self.discord.make_id(), re.sub(r"[^\w.-]", "_", name), data, kind, ephemeral=True)
        self.discord.files[file.id] = file
        self._add("attachments", file.id, self.discord.file_payload(file))
        return file.id

    def message(self, message: Message) -> None:
        self._add("messages", message.id, self.discord.payload(message))

    def _add(self, kind: str, id: str, about: Json) -> None:  # noqa: A002
        self.found.setdefault(kind, {})[id] = about

    def into(self, data: Json) -> Json:
        return data | ({"resolved": self.found} if self.found else {})


@dataclass(frozen=True)
class Actor:
    """Who acts, and where."""

    discord: Discord
    member: Member
    channel: Channel

    @classmethod
    def at(cls, discord: Discord, user: str, channel: str) -> Actor:
        """A person in a channel, each by name or id. Raise ValueError."""
        place = discord.channel(channel)
        if place.guild_id is not None:
            return cls(discord, discord.member(user, discord.guilds[place.guild_id]), place)
        return cls(discord, Member(discord.user(user), discord.now()), place)

    @property
    def permissions(self) -> int:
        if self.channel.guild_id is None:
            return (1 << 53) - 1
        return self.discord.guilds[self.channel.guild_id].permissions_of(self.member)

    def resolved(self) -> Resolved:
        return Resolved(self.discord, self.channel)

    def act(self, kind: Type, what: str, data: Json, message: Json | None = None) -> Interaction:
        """Send the bot an interaction; `message` as it is told of it. Nothing is waited for."""
        discord = self.discord
        token = base64.urlsafe_b64encode(f"interaction:{discord.make_id()}:{discord.make_id()}".encode()).decode()
        interaction = Interaction(
            discord.make_id(), token, kind, self.member, self.channel.id, discord.now(), what, (message or {}).get("id")
        )
        discord.interactions[interaction.id] = interaction
        event = self._event(interaction, data) | ({"message": message} if message else {})
        interaction.sent()
        discord.sessions.dispatch("INTERACTION_CREATE", event)
        if not discord.sessions.known:
            interaction.fail(NO_BOT)
        return interaction

    def _event(self, interaction: Interaction, data: Json) -> Json:
        return {
            "id": interaction.id,
            "application_id": self.discord.bot.id,
            "type": int(interaction.type),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": self.channel.id,
            "channel": self.channel.payload() | {"permissions": str(self.permissions)},
            "app_permissions": APP_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": self.discord.size_limit(self.channel),
            **self._whence(),
        }

    def _whence(self) -> Json:
        """Who acts, as a guild shows a member, or a direct message a user."""
        guild_id = self.channel.guild_id
        if guild_id is None:
            owners = {"1": self.member.user.id}
            return {"user": self.member.user.payload(), "authorizing_integration_owners": owners, "context": 1}
        return {
            "member": self.member.payload() | {"permissions": str(self.permissions)},
            "guild_id": guild_id,
            "guild": {"id": guild_id, "features": [], "locale": "en-US"},
            "guild_locale": "en-US",
            "authorizing_integration_owners": {"0": guild_id},
            "context": 0,
        }


# ---- what is seen


async def wait(discord: Discord, interaction: Interaction, seconds: float, *, for_answer: bool) -> None:
    """Wait for the first answer, `for_answer` for what it promised too, but not longer than makes sense."""
    end = time.monotonic() + seconds
    left = discord.settings.deadline_seconds - (discord.now() - interaction.created_at).total_seconds()
    if not await interaction.wait(_is_acknowledged, min(seconds, max(left, 0) + AFTER_DEADLINE_SECONDS)):
        if discord.is_over(interaction.created_at, discord.settings.deadline_seconds):
            return
        await interaction.wait(_is_acknowledged, end - time.monotonic())
    if for_answer:
        await interaction.wait(lambda one: not one.is_waiting, end - time.monotonic())


def _is_acknowledged(interaction: Interaction) -> bool:
    return interaction.acknowledged is not None or interaction.failure is not None


def seen(discord: Discord, interaction: Interaction) -> Json:
    """What the person has got by now. What is not answered at the deadline is a failure."""
    first = interaction.acknowledged
    if first is None and discord.is_over(interaction.created_at, discord.settings.deadline_seconds):
        interaction.fail(interaction.failure or NO_ANSWER)
    return {
        "interaction": interaction.id,
        "what": interaction.what,
        "user": interaction.member.user.name,
        "outcome": _outcome(interaction),
        "failure": interaction.failure,
        "acknowledged": first
        and {"type": int(first.type), "milliseconds": first.milliseconds, "ephemeral": first.ephemeral},
        "answered_milliseconds": interaction.answered_milliseconds,
        "message": _payload(discord, interaction.response_id),
        "followups": [one for one in (_payload(discord, id) for id in interaction.followups) if one],  # noqa: A001
        "modal": interaction.modal,
        "choices": interaction.choices,
    }


def _outcome(interaction: Interaction) -> str:
    if interaction.failure is not None:
        return "failed"
    if interaction.acknowledged is None:
        return "nothing"
    if interaction.is_waiting:
        return "thinking"
    return OUTCOMES[interaction.acknowledged.type]


def _payload(discord: Discord, id: str | None) -> Json | None:  # noqa: A002
    message = discord.messages.get(id or "")
    return None if message is None else discord.payload(message)
