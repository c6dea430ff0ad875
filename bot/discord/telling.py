"""Telling Discord which commands there are: only where they are others than it was told of.

Discord allows 200 new commands a day for each server, and keeps what it was told.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime

import discord
import structlog
from discord import app_commands

from store import told
from store.database import Database

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)

ALL = "all"  #: servers, where the settings name none

log = structlog.stdlib.get_logger()


def invitation(application_id: int) -> str:
    """The link by which whoever may manage a server lets the bot in, with all that it needs."""
    scopes = ("bot", "applications.commands")
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=scopes)


async def tell(
    tree: app_commands.CommandTree,
    database: Database,
    application_id: int,
    server: str,
    joined_at: datetime | None = None,
) -> None:
    """Tell the `server`, or with "" all of them, which commands there are.

    `joined_at`: since when the bot is in it; a server forgets the commands of a bot that it sends away.
    """
    commands = [one.to_dict(tree) for one in tree.get_commands(guild=_guild(server))]
    digest = hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
    scope = f"{application_id}/{server or ALL}"
    told_at = await asyncio.to_thread(told.when, database, scope, digest)
    if told_at is None or (server and joined_at is not None and joined_at >= told_at):
        try:
            await tree.sync(guild=_guild(server))
        except discord.Forbidden:
            log.error("cannot offer commands", message=f"invite the bot again: {invitation(application_id)}")
            return
        await asyncio.to_thread(told.note, database, scope, digest)
        log.info("told of the commands", count=len(commands), server=server or ALL)
    await _take_back(tree, database, application_id, scope)


async def _take_back(tree: app_commands.CommandTree, database: Database, application_id: int, scope: str) -> None:
    """Take back what was told elsewhere under other settings: else people would see every command twice."""
    for other in await asyncio.to_thread(told.others, database, f"{application_id}/", scope):
        server = other.partition("/")[2]
        try:
            await tree.sync(guild=_guild("" if server == ALL else server))  # none: the tree has only those of `scope`
        except (discord.Forbidden, discord.NotFound) as error:
            log.info("could not take commands back", server=server, error=str(error))
        await asyncio.to_thread(told.forget, database, other)


def _guild(server: str) -> discord.Object | None:
    return discord.Object(int(server)) if server else None
