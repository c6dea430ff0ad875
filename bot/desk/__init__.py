"""The desk: every command once, without a surface. An actor and arguments go in, a Reply comes out.

Discord and the console are made from the table `COMMANDS`, and add nothing but looks. Whatever needs the network is
written down for captiond, which does it; a Reply with `pending` says that its answer is still to come.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import structlog

from bot import guard
from bot.desk import caption, channel, draft, edit, help_, queue, speaker, status, term
from bot.desk.command import Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import channels as replies
from bot.reply import Pending, Reply, not_allowed, refused
from captions.text import clean_line
from store import channels
from store.errors import StoreError
from store.lifecycle import ChannelState

__all__ = ["COMMANDS", "Command", "Desk", "Values", "answer", "may_choose", "refusal", "run"]

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        *channel.COMMANDS,
        *queue.COMMANDS,
        *draft.COMMANDS,
        *edit.COMMANDS,
        *term.COMMANDS,
        *speaker.COMMANDS,
        *caption.COMMANDS,
        *status.COMMANDS,
        help_.command(lambda: COMMANDS),
    )
}

log = structlog.stdlib.get_logger()


def run(desk: Desk, actor: Actor, name: str, values: Mapping[str, str]) -> Reply:
    """Do what `actor` says: the command `name`, its arguments by name. What they did wrong is a Reply too."""
    command = COMMANDS[name]
    try:
        _check(command, values)
        why_not = refusal(desk, actor, command, values)
        if why_not is not None:
            return why_not
        reply = command.run(desk, actor, values)
        return replace(reply, page=reply.page and replace(reply.page, command=name))
    except (StoreError, ValueError) as error:
        if isinstance(error, ValueError) and type(error) is not ValueError:
            raise
        log.info("refused", command=name, who=actor.name, reason=str(error))
        return refused(str(error))


def _check(command: Command, values: Values) -> None:
    """Raise ValueError where a button of an older version, say, does not give what the command takes."""
    missing = [one.name for one in command.arguments if one.required and one.name not in values]
    if missing:
        raise ValueError(f"{command.name} takes also: {', '.join(missing)}")


def refusal(desk: Desk, actor: Actor, command: Command, values: Values) -> Reply | None:
    """What somebody is told who may not do that, and who can; None if they may. Raise StoreError."""
    role = _role_anywhere(desk, actor)
    channel = None
    if Role.NOBODY < role < Role.OWNER and command.about is not None:
        channel = command.about(desk, values)
    approvers = channel.approvers if channel is not None else None
    if command.role > Role.VIEWER:
        role = guard.role_in(actor, approvers)
    if role >= command.role:
        return None
    if actor.place is not None and not actor.ids:
        return refused("captionbot serves another server, or is in several: then config.toml has to say which")
    of = clean_line(channel.title or channel.reference) if channel is not None else ""
    return not_allowed(guard.refusal(role, command.role, of), guard.who_can(command.role, desk.chat, approvers))


def may_choose(desk: Desk, actor: Actor, command: Command) -> bool:
    """Whether somebody is offered what there is to choose from: those who may give the command for some channel."""
    if command.role is Role.OWNER:
        return actor.role is Role.OWNER
    return max(actor.role, _role_anywhere(desk, actor)) >= command.role


def _role_anywhere(desk: Desk, actor: Actor) -> Role:
    """The highest role that somebody has for any channel; who approves the drafts of one may look at all."""
    if actor.role >= Role.APPROVER or not actor.ids:
        return actor.role
    own = channels.approvers(desk.database)
    return max(actor.role, *(guard.role_in(actor, one) for one in own)) if own else actor.role


def answer(desk: Desk, pending: Pending) -> Reply | None:
    """The daemon's answer to what was asked of it; None while there is none. Raise StoreError."""
    found = channels.get(desk.database, pending.channel_id)
    waiting = found.state is ChannelState.ASKED and found.last_error is None
    return None if waiting else replies.channel_answered(found)
