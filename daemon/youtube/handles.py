"""From what people call a channel to its id and title, by the Data API; without a login, see daemon.youtube.lookup."""

from __future__ import annotations

from daemon.errors import GiveUp
from daemon.youtube.api import Api, ChannelFound


def by_api(api: Api, kind: str, value: str) -> ChannelFound:
    """The channel named by `value`, which is a channel's id, a handle, a user name or a video's id.

    One unit of quota. Raise GiveUp if there is none; DaemonError.
    """
    match kind:
        case "channel":
            found = api.find_channel(id=value)
        case "handle":
            found = api.find_channel(forHandle=value)
        case "user":
            found = api.find_channel(forUsername=value)
        case "video":
            found = api.channel_of_video(value)
        case _:
            raise ValueError(f"unknown kind of reference {kind!r}")
    if found is None:
        raise GiveUp(f"YouTube knows no channel by {value}")
    return found


def address(site: str, kind: str, value: str) -> str:
    """The page that shows the channel, or one of its videos."""
    paths = {
        "channel": f"channel/{value}",
        "handle": value,
        "user": f"user/{value}",
        "video": f"watch?v={value}",
    }
    return f"{site.rstrip('/')}/{paths[kind]}"
