"""Guilds, roles and members, as far as a bot looks at them; the bot itself, and its application."""

from __future__ import annotations

from sandbox.discord.call import Answer, Call
from sandbox.discord.errors import UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_USER, ApiError, InvalidForm, Problem
from sandbox.discord.things import Guild, Json

DESCRIPTION = "The application of this sandbox."
SLASH_COMMANDS_USED = 1 << 23  # of an application's flags


def me(call: Call) -> Answer:
    account = {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}
    return Answer({**call.discord.bot.payload(), **account})


def application(call: Call) -> Answer:
    """GET /oauth2/applications/@me. Interactions come by the gateway: there is no endpoint for them."""
    discord = call.discord
    nothing = ("icon", "type", "interactions_endpoint_url", "role_connections_verification_url", "team")
    return Answer(
        {
            **dict.fromkeys(nothing),
            "id": discord.bot.id,
            "name": discord.bot.name,
            "description": DESCRIPTION,
            "summary": "",
            "bot": discord.bot.payload(),
            "bot_public": False,
            "bot_require_code_grant": False,
            "owner": discord.owner.payload(),
            "rpc_origins": [],
            "redirect_uris": [],
            "verify_key": "0" * 64,
            "flags": SLASH_COMMANDS_USED,
            "flags_new": str(SLASH_COMMANDS_USED),
            "approximate_guild_count": len(discord.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": [],
        }
    )


def user(call: Call) -> Answer:
    found = call.discord.users.get(call["user_id"])
    if found is None:
        raise ApiError(UNKNOWN_USER)
    return Answer(found.payload())


def my_guilds(call: Call) -> Answer:
    return Answer([_partial(call, guild) for guild in call.discord.guilds.values()])


def _partial(call: Call, guild: Guild) -> Json:
    bot = guild.members[call.discord.bot.id]
    about: Json = {"id": guild.id, "name": guild.name, "icon": None, "banner": None, "features": []}
    return {**about, "owner": False, "permissions": str(guild.permissions_of(bot))}


def get(call: Call) -> Answer:
    return Answer(named(call).payload())


def roles(call: Call) -> Answer:
    return Answer([role.payload() for role in named(call).roles.values()])


def member(call: Call) -> Answer:
    found = named(call).members.get(call["user_id"])
    if found is None:
        raise ApiError(UNKNOWN_MEMBER)
    return Answer(found.payload())


def search(call: Call) -> Answer:
    """GET /guilds/{guild_id}/members/search: those whose name begins so."""
    query, limit = call.query.get("query", ""), call.query.get("limit", "1")
    if not limit.isdigit() or not 1 <= int(limit) <= 1000:
        raise InvalidForm([Problem(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 1000.")])
    found = [one for one in named(call).members.values() if one.user.name.lower().startswith(query.lower())]
    return Answer([one.payload() for one in found[: int(limit)]])


def named(call: Call) -> Guild:
    """The guild that the path names."""
    guild = call.discord.guilds.get(call["guild_id"])
    if guild is None:
        raise ApiError(UNKNOWN_GUILD)
    return guild
