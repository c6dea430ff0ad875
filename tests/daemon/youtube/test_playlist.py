"""What is taken of yt-dlp's listing. The child before a loopback YouTube: tests/daemon/test_batch.py."""

import pytest

from daemon.errors import GiveUp
from daemon.youtube.playlist import MOST, listing

HERE = "https://www.youtube.com/playlist?list=PLx"


def entry(name):
    return {"_type": "url", "url": f"https://www.youtube.com/watch?v={name}", "title": "../../etc/passwd"}


def playlist(*entries):
    return {"_type": "playlist", "entries": list(entries)}


def names(told):
    return [address.rpartition("=")[2] for address in told["addresses"]]


def test_one_video_is_itself():
    assert listing("https://media.example/a", {"id": "a"}) == {"addresses": ["https://media.example/a"], "left_out": ""}


def test_videos_come_in_their_order_and_once():
    told = listing(HERE, playlist(entry("b"), entry("a"), entry("b")))
    assert (names(told), told["left_out"]) == (["b", "a"], "")


def test_the_tabs_of_a_channel_are_taken_together():
    assert names(listing(HERE, playlist(playlist(entry("a"), entry("b")), playlist(entry("c"))))) == ["a", "b", "c"]


def test_so_many_are_taken_and_no_more_and_it_is_said():
    exactly = listing(HERE, playlist(*(entry(str(n)) for n in range(MOST))))
    more = listing(HERE, playlist(*(entry(str(n)) for n in range(MOST + 1))))
    assert (len(exactly["addresses"]), exactly["left_out"]) == (MOST, "")
    assert names(more) == names(exactly)
    assert "more than 1000 videos" in more["left_out"]


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "talk.mp4", "", None, 7])
def test_what_a_list_says_never_names_a_file_of_this_machine(address):
    told = listing(HERE, playlist({"url": address}, entry("a"), None))
    assert (names(told), told["left_out"]) == (
        ["a"],
        "2 of its entries have no address of their own, and are left out",
    )


@pytest.mark.parametrize("found", [playlist(), playlist(playlist()), {"_type": "playlist"}, playlist(None)])
def test_a_list_without_videos_is_given_up(found):
    with pytest.raises(GiveUp, match="no videos"):
        listing(HERE, found)
