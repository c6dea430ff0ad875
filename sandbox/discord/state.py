"""What is on this Discord, and the words to set a scene: guilds, channels, people, messages, commands.

discord = Discord()
discord.add_user("Ann", roles=["approver"])
discord.add_channel("archive")
… discord.messages, discord.refusals

Set the scene before it is served, or over HTTP while it is (people.py); looking is allowed from any thread.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.discord import sessions
from sandbox.discord.buckets import Buckets
from sandbox.discord.errors import FORBIDDEN
from sandbox.discord.faults import Faults
from sandbox.discord.interaction import Interaction
from sandbox.discord.message import File, Message
from sandbox.discord.sessions import Sessions
from sandbox.discord.things import (
    CHANNEL_TYPES,
    DM,
    FILE_SIZES,
    FORUM,
    MEMBER_PERMISSIONS,
    REQUIRE_TAG,
    TEXT,
    Channel,
    Guild,
    Json,
    Member,
    Role,
    User,
)

EPOCH_MILLISECONDS = 1_420_070_400_000  # reference#snowflakes of Discord's documentation

BOT_ID = "1000000000000000001"  # of the application too, as it is for all that were made since 2016
OWNER_ID = "1000000000000000002"
GUILD_ID = "1000000000000000003"
CHANNEL_ID = "1000000000000000004"
FORUM_ID = "1000000000000000005"
TOKEN = "sandbox-discord-token"  # noqa: S105 opens nothing but this sandbox
BOT_NAME, OWNER_NAME, GUILD_NAME = "captionbot", "Owner", "Sandbox"
CHANNEL_NAME, FORUM_NAME = "captions", "videos"


@dataclass
class Settings:
    """What Discord fixes, and tests may not want to wait for.

    `nonce_seconds` is "a few minutes" in the documentation. `privileged` are the privileged intents that are switched
    on for the application. Without `may_sync` the bot was invited without the scope applications.commands.
    """

    deadline_seconds: float = 3.0  # for the first answer to an interaction
    token_seconds: float = 900.0  # of an interaction, from then on
    nonce_seconds: float = 300.0
    address_seconds: float = 86_400.0  # of a file
    heartbeat_seconds: float = 41.25
    heartbeat_acks: bool = True
    privileged: tuple[str, ...] = ()
    may_sync: bool = True

    def changed(self, **changes: Any) -> Settings:
        """Raise TypeError, ValueError."""
        if "privileged" in changes:
            changes["privileged"] = tuple(changes["privileged"])
        found = dataclasses.replace(self, **changes)
        unknown = set(found.privileged) - set(sessions.PRIVILEGED)
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: no privileged intent")
        return found


class Discord:
    """The whole state. One guild, a text channel, a forum, an owner and the bot are there from the start."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), token: str = TOKEN) -> None:
        self._now = now
        self._ahead = timedelta()
        self._last_id = int(FORUM_ID)
        self.token = token
        self.origin = ""  # where it is served, once somebody came
        self.is_down = self.resets = False  # down: connections are closed, or reset
        self.settings = Settings()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.commands: dict[str | None, dict[str, Json]] = {None: {}}
        self.interactions: dict[str, Interaction] = {}
        self.open_forms: dict[str, Interaction] = {}  # by user: whose modal is on the screen
        self.nonces: dict[str, tuple[str, datetime]] = {}
        self.sessions = Sessions()
        self.faults = Faults()
        self.buckets = Buckets()
        self.requests: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.refusals: list[str] = []
        self.bot = self._add_known(User(BOT_ID, BOT_NAME, bot=True))
        self.owner = self._add_known(User(OWNER_ID, OWNER_NAME))
        self.add_guild(GUILD_NAME, GUILD_ID)
        self.add_channel(CHANNEL_NAME, id=CHANNEL_ID)
        self.add_channel(FORUM_NAME, "forum", id=FORUM_ID)

    # ---- time and ids

    def now(self) -> datetime:
        return self._now() + self._ahead

    def passes(self, seconds: float) -> None:
        """Let time pass, for everything that this Discord remembers or forgets."""
        self._ahead += timedelta(seconds=seconds)

    def is_over(self, since: datetime, seconds: float) -> bool:
        return self.now() - since >= timedelta(seconds=seconds)

    def make_id(self) -> str:
        """A new snowflake: rising, and with the time in it."""
        milliseconds = int(self.now().timestamp() * 1000) - EPOCH_MILLISECONDS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    # ---- the scene

    def add_guild(self, name: str, id: str | None = None, premium_tier: int = 0) -> Guild:  # noqa: A002
        """A new guild, with its owner and the bot in it."""
        guild = Guild(id or self.make_id(), name, self.owner.id, self.now(), premium_tier)
        guild.roles[guild.id] = Role(guild.id, "@everyone", MEMBER_PERMISSIONS, 0)
        for user in (self.bot, self.owner):
            guild.members[user.id] = Member(user, self.now())
        self.guilds[guild.id] = guild
        self.commands[guild.id] = {}
        self.sessions.dispatch("GUILD_CREATE", self.guild_payload(guild), sessions.GUILDS)
        return guild

    def boost(self, tier: int, guild: str = GUILD_ID) -> None:
        """Let a guild be of another tier. Raise ValueError."""
        if tier not in FILE_SIZES:
            raise ValueError(f"{tier!r} is none of {', '.join(map(str, FILE_SIZES))}")
        found = self.guild(guild)
        found.premium_tier = tier
        self.sessions.dispatch("GUILD_UPDATE", found.payload(), sessions.GUILDS)

    def add_role(self, name: str, guild: str = GUILD_ID, permissions: int = 0) -> Role:
        """A new role, or the one of that name with new permissions. Raise ValueError."""
        place = self.guild(guild)
        known = next((role for role in place.roles.values() if role.name == name), None)
        role = known or Role(self.make_id(), name, permissions, len(place.roles))
        role.permissions = permissions
        place.roles[role.id] = role
        event = "GUILD_ROLE_UPDATE" if known else "GUILD_ROLE_CREATE"
        self.sessions.dispatch(event, {"guild_id": place.id, "role": role.payload()}, sessions.GUILDS)
        return role

    def add_user(
        self,
        name: str,
        roles: Iterable[str] = (),
        guild: str = GUILD_ID,
        permissions: int = 0,
        id: str | None = None,  # noqa: A002
    ) -> Member:
        """A person as a member, or one who is there with other roles; roles that are not there are made. ValueError."""
        place = self.guild(guild)
        known = next((one for one in self.users.values() if one.name == name), None)
        user = known or self._add_known(User(id or self.make_id(), name))
        member = place.members.setdefault(user.id, Member(user, self.now()))
        there = {role.name: role for role in place.roles.values()}
        member.roles = [(there.get(role) or self.add_role(role, guild)).id for role in roles]
        member.permissions = permissions
        return member

    def _add_known(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        type: str = "text",  # noqa: A002
        guild: str = GUILD_ID,
        *,
        id: str | None = None,  # noqa: A002
        tags: Iterable[str] = (),
        require_tag: bool = False,
    ) -> Channel:
        """A new channel: text or forum. Raise ValueError."""
        if type not in CHANNEL_TYPES:
            raise ValueError(f"{type!r} is none of {', '.join(CHANNEL_TYPES)}")
        channel = Channel(id or self.make_id(), CHANNEL_TYPES[type], name, self.now(), self.guild(guild).id)
        channel.position = len(self.channels)
        channel.tags = {self.make_id(): tag for tag in tags}
        channel.flags = REQUIRE_TAG if require_tag else 0
        self.channels[channel.id] = channel
        self.sessions.dispatch("CHANNEL_CREATE", channel.payload(), sessions.GUILDS)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel, with what is in it."""
        gone = {one.id for one in self.channels.values() if channel.id in (one.id, one.parent_id)}
        self.channels = {id: one for id, one in self.channels.items() if id not in gone}  # noqa: A001
        self.messages = {id: one for id, one in self.messages.items() if one.channel_id not in gone}  # noqa: A001
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.sessions.dispatch(event, channel.payload(), sessions.GUILDS)

    def close_channel(self, channel: str, code: int | None) -> None:
        """Answer the bot with this code wherever it comes to the channel; None: let it in. Raise ValueError."""
        if code is not None and code not in FORBIDDEN:
            raise ValueError(f"{code} is none of {', '.join(map(str, FORBIDDEN))}")
        self.channel(channel).closed = None if code is None else FORBIDDEN[code]

    # ---- finding by id or name, for people. Raise ValueError

    def guild(self, reference: str) -> Guild:
        found = [one for one in self.guilds.values() if reference in (one.id, one.name)]
        if not found:
            raise ValueError(f"there is no guild {reference!r}")
        return found[0]

    def channel(self, reference: str, guild: str | None = None) -> Channel:
        """The newest of that name."""
        found = [one for one in self.channels.values() if reference in (one.id, one.name)]
        found = [one for one in found if guild in (None, one.guild_id)]
        if not found:
            raise ValueError(f"there is no channel {reference!r}")
        return found[-1]

    def user(self, reference: str) -> User:
        found = [one for one in self.users.values() if reference in (one.id, one.name)]
        if not found:
            raise ValueError(f"there is no user {reference!r}")
        return found[0]

    def member(self, reference: str, guild: Guild) -> Member:
        found = [one for one in guild.members.values() if reference in (one.user.id, one.user.name)]
        if not found:
            raise ValueError(f"there is no member {reference!r} in {guild.name}")
        return found[0]

    def message(self, reference: str) -> Message:
        if reference not in self.messages:
            raise ValueError(f"there is no message {reference}")
        return self.messages[reference]

    # ---- what happens to messages

    def post(self, message: Message) -> None:
        """A new message is in its channel."""
        self.messages[message.id] = message
        channel = self.channels[message.channel_id]
        if message.seen_by is None:
            channel.last_message_id = message.id
            channel.sent += 1
        self._tell("MESSAGE_CREATE", message)

    def edited(self, message: Message) -> None:
        """A message is no longer what it was."""
        message.edited_at = self.now()
        message.revision += 1
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        self.messages.pop(message.id, None)
        self._tell("MESSAGE_DELETE", message)

    def _tell(self, event: str, message: Message) -> None:
        if message.seen_by is not None:
            return
        channel = self.channels[message.channel_id]
        data = self.payload(message) if event != "MESSAGE_DELETE" else {"id": message.id, "channel_id": channel.id}
        if channel.guild_id:
            data["guild_id"] = channel.guild_id
        needs = sessions.DIRECT_MESSAGES if channel.type == DM else sessions.GUILD_MESSAGES
        self.sessions.dispatch_message(event, data, needs, own=message.author is self.bot)

    def payload(self, message: Message) -> Json:
        """The message's JSON, with addresses that are good from now on."""
        return message.payload(self.origin, self._expiry())

    def file_payload(self, file: File) -> Json:
        return file.payload(self.origin, self._expiry())

    def _expiry(self) -> int:
        return int(self.now().timestamp() + self.settings.address_seconds)

    def guild_payload(self, guild: Guild) -> Json:
        """As GUILD_CREATE brings it."""
        there = [one for one in self.channels.values() if one.guild_id == guild.id]
        channels = [one.payload() for one in there if one.type in (TEXT, FORUM)]
        threads = [one.payload() for one in there if one.is_thread and not one.archived]
        return guild.created(guild.members[self.bot.id], channels, threads)

    def size_limit(self, channel: Channel) -> int:
        """Of one file, in bytes."""
        return FILE_SIZES[self.guilds[channel.guild_id].premium_tier if channel.guild_id else 0]
