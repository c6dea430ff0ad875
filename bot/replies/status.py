"""What is said of both processes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.replies.words import moment
from bot.reply import Reply, Table
from store.services import is_alive
from store.tables import Service


def status(
    service: Service | None,
    down: str | None,
    bot: str,
    titles: Mapping[str, str],
    channels: int,
    videos: Mapping[str, int],
    drafts: Mapping[str, int],
    quota: tuple[Any, int] | None,
    spent: Mapping[str, float],
    forecast: float,
) -> Reply:
    """`spent`: this month on each engine that costs money; `forecast`: on all, by its end."""
    rows = [("captiond", down or _running(service))]
    if service is not None and down is None:
        rows += [(f"engine {name}", why or "ready") for name, why in sorted(service.engines.items())]
        rows.append(("login covers", ", ".join(titles.get(one, one) for one in service.covers) or "no channel"))
        if service.note:
            rows.append(("note", service.note))
    rows.append(("captionbot", bot))
    rows.append(("channels", str(channels)))
    rows.append(("videos", _counts(videos)))
    rows.append(("drafts", _counts(drafts) + (": see /draft list" if drafts.get("waiting") else "")))
    if quota is not None:
        rows.append(("quota", f"{quota[1]:,} units booked on {quota[0]}"))
    if spent:
        each = ", ".join(f"{engine} {cost:.2f}" for engine, cost in sorted(spent.items()))
        rows.append(("spent this month", f"{each}; about {forecast:.2f} by its end"))
    data = {
        "alive": down is None,
        "covers": service.covers if service else [],
        "engines": service.engines if service else {},
        "note": service.note if service else None,
        "captionbot": bot,
        "channels": channels,
        "videos": dict(videos),
        "drafts": dict(drafts),
        "spent": dict(spent),
        "forecast": forecast,
    }
    return Reply("Status", Table(("what", "how it is"), tuple(rows)), data=data)


def _running(service: Service | None) -> str:
    return f"runs, version {service.version}, since {moment(service.started_at)}" if service else ""


def bot_health(service: Service | None, now: datetime) -> str:
    """How it stands with the Discord bot."""
    if service is None:
        return "has never run"
    if not is_alive(service, now):
        return f"down since {moment(service.seen_at)}"
    return f"{_running(service)}" + (f"; {service.note}" if service.note else "")


def daemon_down(service: Service | None) -> str:
    if service is None:
        return "captiond has never run"
    return f"captiond has been down since {moment(service.seen_at)}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "none"
