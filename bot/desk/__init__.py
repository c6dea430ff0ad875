"""The desk: every command once, without a surface. An actor and arguments go in, a Reply comes out.

Discord and the console are made from the table `COMMANDS`, and add nothing but looks. Whatever needs the network is
written down for captiond, which does it; a Reply with `pending` says that its answer is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from bot import guard, replies
from bot.desk import caption, channel, draft, edit, help_, queue, status, term
from bot.desk.command import Command, Desk, Values
from bot.guard import Actor
from bot.replies import Pending, Reply
from store import channels
from store.errors import StoreError
from store.lifecycle import ChannelState

__all__ = ["COMMANDS", "Command", "Desk", "Values", "answer", "run"]

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        *channel.COMMANDS,
        *queue.COMMANDS,
        *draft.COMMANDS,
        *edit.COMMANDS,
        *term.COMMANDS,
        *caption.COMMANDS,
        *status.COMMANDS,
        help_.command(lambda: COMMANDS),
    )
}

log = structlog.stdlib.get_logger()


def run(desk: Desk, actor: Actor, name: str, values: Mapping[str, str]) -> Reply:
    """Do what `actor` says: the command `name`, its arguments by name. What they did wrong is a Reply too."""
    command = COMMANDS[name]
    refusal = guard.refusal(actor, command.role)
    if refusal is not None:
        return replies.refused(refusal)
    try:
        return command.run(desk, actor, values)
    except (StoreError, ValueError) as error:
        if isinstance(error, ValueError) and type(error) is not ValueError:
            raise
        log.info("refused", command=name, who=actor.name, reason=str(error))
        return replies.refused(str(error))


def answer(desk: Desk, pending: Pending) -> Reply | None:
    """The daemon's answer to what was asked of it; None while there is none. Raise StoreError."""
    found = channels.get(desk.database, pending.channel_id)
    waiting = found.state is ChannelState.ASKED and found.last_error is None
    return None if waiting else replies.channel_answered(found)
