"""status: how things are."""

from __future__ import annotations

from bot.desk.command import Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import status as replies
from bot.reply import Reply
from store import channels, drafts, quota, services, spending, videos


def _status(desk: Desk, _actor: Actor, _values: Values) -> Reply:
    now = desk.database.now()
    spent = spending.spent(desk.database, spending.month_of(now), now)
    watched = channels.listing(desk.database)
    return replies.status(
        services.get(desk.database, "captiond"),
        desk.down(),
        replies.bot_health(services.get(desk.database, "captionbot"), desk.database.now()),
        {one.youtube_id: one.title or one.reference for one in watched if one.youtube_id},
        len(watched),
        videos.counts(desk.database),
        drafts.counts(desk.database),
        quota.latest(desk.database),
        spent,
        spending.forecast(sum(spent.values()), now),
    )


COMMANDS = (
    Command(name="status", help="Show what runs, what waits and what is used up.", role=Role.VIEWER, run=_status),
)
