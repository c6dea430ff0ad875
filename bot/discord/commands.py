"""The desk's table as slash commands: made from it, with nothing added but looks."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import discord
import structlog
from discord import app_commands

from bot import desk as desks
from bot.desk import COMMANDS, Desk, editing
from bot.desk.command import Argument, Command
from bot.discord import members
from bot.discord.answering import answer
from bot.discord.members import Member
from bot.guard import Actor
from bot.reply import Reply, refused
from bot.settings import BotSettings
from captions.text import clean_line
from store.errors import StoreError

CHOICES = 25  # that Discord shows
CHOICE_CHARACTERS = 100
LOOK_SECONDS = 0.5
GROUPS = {
    "channel": "The channels that are watched",
    "queue": "The videos on their way",
    "draft": "The captions that wait for a decision",
    "term": "The glossary",
    "speaker": "The people whose voices are known",
}

log = structlog.stdlib.get_logger()

Choice = app_commands.Choice[str]


def tree_of(client: discord.Client, desk: Desk, settings: BotSettings) -> app_commands.CommandTree:
    """All commands of the desk, for the server of the settings, or for all."""
    server = discord.Object(int(settings.discord.server)) if settings.discord.server else None
    tree = app_commands.CommandTree(
        client,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )
    groups = {name: app_commands.Group(name=name, description=about, guild_only=True) for name, about in GROUPS.items()}
    for command in COMMANDS.values():
        first, _, second = command.name.partition(" ")
        made = _made(command, second or first, desk, settings)
        if second:
            groups[first].add_command(made)
        else:
            tree.add_command(made, guild=server)
    for group in groups.values():
        tree.add_command(group, guild=server)
    return tree


def actor_of(interaction: discord.Interaction, settings: BotSettings) -> Actor:
    """Who acts, and as what."""
    roles = [one.id for one in getattr(interaction.user, "roles", ())]
    manages = interaction.permissions.manage_guild
    guilds = [one.id for one in interaction.client.guilds]
    ours = members.is_ours(interaction.guild_id, settings.discord.server, guilds)
    member = Member(interaction.user.id, interaction.user.name, roles, manages, ours)
    return members.actor(member, settings.discord, str(interaction.channel_id) if interaction.channel_id else None)


def _made(command: Command, name: str, desk: Desk, settings: BotSettings) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, **given: Any) -> None:
        await _serve(interaction, command, given, desk, settings)

    parameters = [
        inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction),
        *(_parameter(argument) for argument in command.arguments),
    ]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    callback = app_commands.describe(**{one.name: one.help[:100] for one in command.arguments})(callback)
    offered = {
        one.name: _offers(command, one.choices, desk, settings) for one in command.arguments if one.choices is not None
    }
    if offered:
        callback = app_commands.autocomplete(**offered)(callback)
    made = app_commands.Command[Any, ..., None](name=name, description=command.help[:100], callback=callback)
    made.guild_only = True
    return made


def _parameter(argument: Argument) -> inspect.Parameter:
    kind: Any = discord.Attachment if argument.file else bool if argument.flag else str
    default = inspect.Parameter.empty if argument.required else None
    annotation = kind if argument.required else kind | None
    return inspect.Parameter(argument.name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _offers(
    command: Command, choices: Callable[[Desk], Any], desk: Desk, settings: BotSettings
) -> Callable[[discord.Interaction, str], Coroutine[Any, Any, list[Choice]]]:
    async def offer(interaction: discord.Interaction, current: str) -> list[Choice]:
        """Nothing, to those who may not give the command: titles are not for everybody."""
        actor = actor_of(interaction, settings)
        try:
            if not await asyncio.to_thread(desks.may_choose, desk, actor, command):
                return []
            found = await asyncio.to_thread(choices, desk)
        except StoreError:
            return []
        wanted = current.casefold()
        fitting = [(value, about) for value, about in found if wanted in f"{value} {about}".casefold()]
        return [
            app_commands.Choice(
                name=clean_line(_shown(value, clean_line(about)), CHOICE_CHARACTERS),
                value=value[:CHOICE_CHARACTERS],
            )
            for value, about in fitting[:CHOICES]
        ]

    return offer


def _shown(value: str, about: str) -> str:
    """A choice as people read it: places and roles by their names, the rest by what is typed in the console."""
    return about if about.startswith(("#", "@")) else f"{value}: {about}" if about else value


async def _serve(
    interaction: discord.Interaction, command: Command, given: Mapping[str, Any], desk: Desk, settings: BotSettings
) -> None:
    """Answer one command. Whatever goes wrong, the person who gave it is told."""
    began = time.monotonic()
    try:
        await interaction.response.defer(thinking=True, ephemeral=True)
    except discord.NotFound:  # it came too late, after a reconnection: the person has seen that it failed
        log.warning("came too late", command=command.name)
        return
    acknowledged = time.monotonic() - began
    actor = actor_of(interaction, settings)
    try:
        values = await _values(command, given)
        reply = await asyncio.to_thread(desks.run, desk, actor, command.name, values)
        reply = await _answered(desk, reply, settings.answer_seconds)
    except ValueError as error:
        reply = refused(str(error))
    except Exception:
        log.exception("failed", command=command.name, who=actor.name)
        reply = refused("something went wrong here; it is in the log of captionbot")
    log.info("answered", command=command.name, who=actor.name, ok=reply.ok, acknowledged=round(acknowledged, 3))
    try:
        await answer(interaction, reply)
    except discord.HTTPException as error:
        log.warning("could not answer", command=command.name, error=str(error))


async def _values(command: Command, given: Mapping[str, Any]) -> dict[str, str]:
    """The arguments as the desk takes them. Raise ValueError for a file that is none."""
    values: dict[str, str] = {}
    for argument in command.arguments:
        value = given.get(argument.name)
        if isinstance(value, discord.Attachment):
            if value.size > editing.LARGEST_BYTES:
                raise ValueError(f"{value.filename} is larger than {editing.LARGEST_BYTES // 10**6} MB")
            values[argument.name] = value.filename
            values[f"text of {argument.name}"] = editing.read_file(value.filename, await value.read())
        elif argument.flag:
            values |= {argument.name: "yes"} if value else {}
        elif value is not None:
            values[argument.name] = str(value)
    return values


async def _answered(desk: Desk, reply: Reply, answer_seconds: float) -> Reply:
    """The daemon's answer, where it has to give one and does so in time."""
    if reply.pending is None:
        return reply
    end = time.monotonic() + answer_seconds
    while time.monotonic() < end:
        answer = await asyncio.to_thread(desks.answer, desk, reply.pending)
        if answer is not None:
            return answer
        await asyncio.sleep(LOOK_SECONDS)
    return Reply(f"{reply.text} There is no answer yet; see /channel list.", data=reply.data)
