"""The scene set, and people acting, over HTTP: POST /sandbox/WHAT with a JSON object, as TABLE has it (people.py).

An answer is JSON; what makes no sense, or what no client would let a person do, is answered with 400 and
{"error": sentence}. A person's act is answered with what the person sees (acting.seen), once the bot has answered, or
after `wait` seconds; a deferred answer is waited for too, unless `until` is "acknowledged".
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox.control import held
from sandbox.discord import acting, clicks, forms, looking, slash, trouble
from sandbox.discord.acting import Actor
from sandbox.discord.gateway import GATEWAY
from sandbox.discord.incoming import CONTROL, STATE
from sandbox.discord.interaction import Interaction
from sandbox.discord.message import Message
from sandbox.discord.state import CHANNEL_ID, GUILD_ID, Discord
from sandbox.discord.things import Json
from sandbox.discord.trouble import DOOR, Stage

WAIT_SECONDS = 10.0
UNTIL = ("answered", "acknowledged")


# ---- the scene


def guild(stage: Stage, name: str, premium_tier: int = 0) -> Json:
    """A new guild with the bot in it."""
    return {"id": stage.discord.add_guild(name, premium_tier=premium_tier).id}


def boost(stage: Stage, tier: int, guild: str = GUILD_ID) -> Json:
    """Let a guild be boosted: from tier 2 on its files may be larger."""
    stage.discord.boost(tier, guild)
    return {}


def role(stage: Stage, name: str, guild: str = GUILD_ID, permissions: int = 0) -> Json:
    """A new role, or new permissions for one."""
    return {"id": stage.discord.add_role(name, guild, permissions).id}


def user(stage: Stage, name: str, roles: list[str] | None = None, guild: str = GUILD_ID, permissions: int = 0) -> Json:
    """A person as a member of a guild, or other roles for one; roles by name, made if they are not there."""
    member = stage.discord.add_user(name, roles or (), guild, permissions)
    return {"id": member.user.id, "roles": dict(zip(roles or (), member.roles, strict=True))}


def channel(
    stage: Stage,
    name: str,
    type: str = "text",  # noqa: A002
    guild: str = GUILD_ID,
    tags: list[str] | None = None,
    require_tag: bool = False,
) -> Json:
    """A new channel, text or forum; the latter with tags."""
    made = stage.discord.add_channel(name, type, guild, tags=tags or (), require_tag=require_tag)
    return {"id": made.id, "tags": {tag: id for id, tag in made.tags.items()}}  # noqa: A001


def close(stage: Stage, channel: str, code: int | None = 50001) -> Json:
    """Keep the bot out of a channel: 50001 missing access, 50013 missing permissions, 50007; null: let it in."""
    stage.discord.close_channel(channel, code)
    return {}


def remove(stage: Stage, channel: str | None = None, message: str | None = None) -> Json:
    """Delete a channel, or a message, as a moderator does."""
    if channel is not None:
        stage.discord.remove_channel(stage.discord.channel(channel))
    if message is not None:
        stage.discord.delete(stage.discord.message(message))
    return {}


def say(stage: Stage, user: str, text: str, channel: str = CHANNEL_ID) -> Json:
    """A person writes a message."""
    discord = stage.discord
    actor = Actor.at(discord, user, channel)
    message = Message(discord.make_id(), actor.channel.id, actor.member.user, discord.now(), text)
    discord.post(message)
    return {"id": message.id}


# ---- people act


def command(stage: Stage, user: str, name: str, options: Json | None = None, channel: str = CHANNEL_ID) -> Interaction:
    """Type a command: name with its subcommands, options by name; a file is {"filename": …, "base64": …}."""
    return slash.command(Actor.at(stage.discord, user, channel), name, options or {})


def autocomplete(
    stage: Stage,
    user: str,
    name: str,
    option: str,
    typed: str = "",
    options: Json | None = None,
    channel: str = CHANNEL_ID,
) -> Interaction:
    """Have typed so much of an option."""
    return slash.autocomplete(Actor.at(stage.discord, user, channel), name, option, typed, options or {})


def menu(
    stage: Stage, user: str, name: str, message: str | None = None, target: str | None = None, channel: str = CHANNEL_ID
) -> Interaction:
    """Use a command of the menu of a message, or of the user `target`."""
    return slash.menu(Actor.at(stage.discord, user, channel), name, message, target)


def click(stage: Stage, user: str, message: str, custom_id: str, force: bool = False) -> Interaction:
    """Click a button, by custom_id or label. `force`: one that is no longer there, or never was."""
    return clicks.click(stage.discord, user, message, custom_id, force=force)


def select(
    stage: Stage, user: str, message: str, custom_id: str, values: list[str], force: bool = False
) -> Interaction:
    """Choose from a list: options by value or label; users, roles and channels by name or id."""
    return clicks.select(stage.discord, user, message, custom_id, values, force=force)


def submit(
    stage: Stage,
    user: str,
    values: Json | None = None,
    custom_id: str | None = None,
    channel: str = CHANNEL_ID,
    force: bool = False,
    message: str | None = None,
) -> Interaction:
    """Submit the open modal, values by custom_id or label. `force`, `message`: as forms.py has it."""
    how: Json = {"channel": channel, "force": force, "message": message}
    return forms.submit(stage.discord, user, values or {}, custom_id, **how)


def dismiss(stage: Stage, user: str) -> Json:
    """Close the open modal without submitting it. The bot is not told."""
    stage.discord.open_forms.pop(stage.discord.user(user).id, None)
    return {}


TABLE: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        guild,
        boost,
        role,
        user,
        channel,
        close,
        remove,
        say,
        command,
        autocomplete,
        menu,
        click,
        select,
        submit,
        dismiss,
    )
} | trouble.TABLE


# ---- addresses


def add_routes(app: web.Application) -> None:
    for name, look in looking.TABLE.items():
        app.router.add_get(CONTROL + name, _looked(look))
    app.router.add_get(CONTROL + "held", held(STATE))
    for name, do in TABLE.items():
        app.router.add_post(CONTROL + name, _posted(do))


def _posted(do: Callable[..., Any]) -> Any:
    async def handle(request: web.Request) -> web.Response:
        discord = request.app[STATE]
        try:
            values = await request.json() if await request.read() else {}
            how = {name: values.pop(name) for name in ("wait", "until") if name in values}
            answer = do(Stage(discord, request.app[GATEWAY], request.app.get(DOOR)), **values)
            if inspect.isawaitable(answer):
                answer = await answer
            if isinstance(answer, Interaction):
                answer = await _seen(discord, answer, **how)
            return web.json_response(answer)
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle


async def _seen(discord: Discord, interaction: Interaction, wait: float = WAIT_SECONDS, until: str = UNTIL[0]) -> Json:
    """What the person sees in the end."""
    if until not in UNTIL:
        raise ValueError(f"{until!r} is none of {', '.join(UNTIL)}")
    await acting.wait(discord, interaction, wait, for_answer=until == UNTIL[0])
    return acting.seen(discord, interaction)


def _looked(look: Callable[..., Any]) -> Any:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(look(request.app[STATE], **request.query))
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle
