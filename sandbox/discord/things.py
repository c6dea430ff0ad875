"""Who and what is on Discord, each with its JSON: users, roles, members, guilds, channels.

Shapes: Discord's documentation, and the schemas of its OpenAPI document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.discord.errors import No

Json = dict[str, Any]

TEXT, DM, PUBLIC_THREAD, FORUM = 0, 1, 11, 15
CHANNEL_TYPES = {"text": TEXT, "forum": FORUM}
REQUIRE_TAG = 1 << 4  # of a forum's flags
PINNED = 1 << 1  # of a thread's

ADMINISTRATOR = 1 << 3
MEMBER_PERMISSIONS = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 38
"""View, send, embed, attach, read history, use application commands, send in threads."""

MEBIBYTE = 1024 * 1024
FILE_SIZES = {0: 10 * MEBIBYTE, 1: 10 * MEBIBYTE, 2: 50 * MEBIBYTE, 3: 100 * MEBIBYTE}
"""By premium tier (reference#uploading-files of Discord's documentation, and its help centre on boosts)."""

UNSET_OF_GUILDS = (
    *("icon", "home_header", "splash", "discovery_splash", "banner", "description", "vanity_url_code"),
    *("afk_channel_id", "system_channel_id", "rules_channel_id", "public_updates_channel_id"),
    *("safety_alerts_channel_id", "widget_channel_id", "max_presences", "incidents_data"),
)


@dataclass
class User:
    id: str
    name: str
    bot: bool = False

    def payload(self) -> Json:
        named = {"username": self.name.lower().replace(" ", "_"), "global_name": self.name, "discriminator": "0"}
        blank = {"avatar": None, "public_flags": 0, "flags": 0, "primary_guild": None}
        return {"id": self.id, **named, **blank, **({"bot": True} if self.bot else {})}


@dataclass
class Role:
    """`id` of the role that everyone has is the guild's."""

    id: str
    name: str
    permissions: int
    position: int

    def payload(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }


@dataclass
class Member:
    """A user in a guild; `roles` are ids, `permissions` those beside the roles'."""

    user: User
    joined_at: datetime
    roles: list[str] = field(default_factory=list)
    permissions: int = 0

    def payload(self) -> Json:
        blank = {"nick": None, "avatar": None, "banner": None, "premium_since": None}
        flags = {"deaf": False, "mute": False, "flags": 0, "pending": False, "communication_disabled_until": None}
        joined = self.joined_at.isoformat()
        return {"user": self.user.payload(), "roles": list(self.roles), "joined_at": joined, **blank, **flags}


@dataclass
class Guild:
    id: str
    name: str
    owner_id: str
    created_at: datetime
    premium_tier: int = 0
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    def permissions_of(self, member: Member) -> int:
        if member.user.id == self.owner_id:
            return (1 << 53) - 1
        found = member.permissions | self.roles[self.id].permissions
        for role in member.roles:
            found |= self.roles[role].permissions
        return found

    def payload(self) -> Json:
        """As GET /guilds/{guild_id} answers it."""
        return {
            **dict.fromkeys(UNSET_OF_GUILDS),
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "application_id": None,
            "roles": [role.payload() for role in self.roles.values()],
            "features": [],
            "emojis": [],
            "stickers": [],
            "region": "deprecated",
            "afk_timeout": 300,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw": False,
            "nsfw_level": 0,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "premium_tier": self.premium_tier,
            "premium_subscription_count": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": "en-US",
        }

    def created(self, bot: Member, channels: list[Json], threads: list[Json]) -> Json:
        """As GUILD_CREATE brings it: with channels, and of its members only the bot."""
        empty = ("voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds")
        return {
            **self.payload(),
            **{name: [] for name in empty},
            "channels": channels,
            "threads": threads,
            "members": [bot.payload()],
            "member_count": len(self.members),
            "joined_at": bot.joined_at.isoformat(),
            "large": False,
            "unavailable": False,
        }


@dataclass
class Channel:
    """`closed`: what the bot is told when it comes here; None: it may.

    Threads are channels too: `archived`, `locked`, `applied_tags`, `owner_id` and `sent` are theirs, `tags` a forum's,
    `recipients` those of a direct message.
    """

    id: str
    type: int
    name: str
    created_at: datetime
    guild_id: str | None = None
    parent_id: str | None = None
    topic: str | None = None
    flags: int = 0
    position: int = 0
    closed: No | None = None
    tags: dict[str, str] = field(default_factory=dict)
    recipients: list[User] = field(default_factory=list)
    owner_id: str = ""
    archived: bool = False
    locked: bool = False
    archive_minutes: int = 4320
    applied_tags: list[str] = field(default_factory=list)
    sent: int = 0
    last_message_id: str | None = None

    @property
    def is_thread(self) -> bool:
        return self.type == PUBLIC_THREAD

    def payload(self) -> Json:
        common = {"id": self.id, "type": self.type, "flags": self.flags, "last_message_id": self.last_message_id}
        if self.type == DM:
            return {**common, "recipients": [one.payload() for one in self.recipients]}
        common |= {"guild_id": self.guild_id, "name": self.name, "parent_id": self.parent_id, "rate_limit_per_user": 0}
        return {**common, **(self._of_a_thread() if self.is_thread else self._of_a_channel())}

    def _of_a_thread(self) -> Json:
        metadata = {
            "archived": self.archived,
            "auto_archive_duration": self.archive_minutes,
            "archive_timestamp": self.created_at.isoformat(),
            "locked": self.locked,
            "create_timestamp": self.created_at.isoformat(),
        }
        counts = {"message_count": self.sent, "member_count": 1, "total_message_sent": self.sent}
        return {"owner_id": self.owner_id, "thread_metadata": metadata, "applied_tags": self.applied_tags, **counts}

    def _of_a_channel(self) -> Json:
        common = {"position": self.position, "permission_overwrites": [], "nsfw": False, "topic": self.topic}
        if self.type != FORUM:
            return common
        tags = [
            {"id": id, "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for id, name in self.tags.items()  # noqa: A001
        ]
        order = {"default_reaction_emoji": None, "default_sort_order": None, "default_forum_layout": 0}
        return {**common, "available_tags": tags, **order}
