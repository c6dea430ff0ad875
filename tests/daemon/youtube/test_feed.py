import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from daemon.errors import TryLater
from daemon.youtube.feed import MAXIMUM_BYTES, TITLE_CHARACTERS, Entry, fetch, parse

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id=UCaaaaaaaaaaaaaaaaaaaaaa"/>
 <id>yt:channel:aaaaaaaaaaaaaaaaaaaaaa</id>
 <yt:channelId>aaaaaaaaaaaaaaaaaaaaaa</yt:channelId>
 <title>Example Channel</title>
 <link rel="alternate" href="https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa"/>
 <author><name>Example Channel</name><uri>https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa</uri></author>
 <published>2015-01-01T00:00:00+00:00</published>
 <entry>
  <id>yt:video:AAAAAAAAAAA</id>
  <yt:videoId>AAAAAAAAAAA</yt:videoId>
  <yt:channelId>UCaaaaaaaaaaaaaaaaaaaaaa</yt:channelId>
  <title>Tom &amp; Jerry</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v=AAAAAAAAAAA"/>
  <author><name>Example Channel</name><uri>https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa</uri></author>
  <published>2026-11-01T10:00:00+00:00</published>
  <updated>2026-11-01T10:05:00+00:00</updated>
  <media:group>
   <media:title>Tom &amp; Jerry</media:title>
   <media:content url="https://www.youtube.com/v/AAAAAAAAAAA?version=3" type="application/x-shockwave-flash" width="640" height="390"/>
   <media:thumbnail url="https://i1.ytimg.com/vi/AAAAAAAAAAA/hqdefault.jpg" width="480" height="360"/>
   <media:description>text</media:description>
   <media:community>
    <media:starRating count="10" average="5.00" min="1" max="5"/>
    <media:statistics views="123"/>
   </media:community>
  </media:group>
 </entry>
</feed>
"""  # noqa: E501
PUBLISHED = datetime(2026, 11, 1, 10, 0, tzinfo=UTC)
BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>"""


def atom(*entries):
    """A feed of these entries' inner XML."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015">'
        f"<title>Some Channel</title>{inside}</feed>"
    ).encode()


def entry(youtube_id="AAAAAAAAAAA", title="Some title", published="2026-11-01T10:00:00+00:00"):
    return f"<yt:videoId>{youtube_id}</yt:videoId><title>{title}</title><published>{published}</published>"


def declared(encoding, body=None):
    """A feed that says in which encoding it is."""
    return f'<?xml version="1.0" encoding="{encoding}"?>'.encode() + (body or atom(entry()))


def only(body):
    (found,) = parse(body).entries
    return found


# ---- reading


def test_a_feed_has_a_title_and_entries():
    feed = parse(SAMPLE.encode())
    assert feed.title == "Example Channel"
    assert feed.entries == (Entry("AAAAAAAAAAA", "Tom & Jerry", PUBLISHED),)


def test_a_channel_without_videos_has_an_empty_feed():
    assert parse(atom()).entries == ()


def test_the_order_of_the_feed_is_kept():
    feed = parse(atom(*(entry(youtube_id) for youtube_id in "CAB")))
    assert [found.youtube_id for found in feed.entries] == ["C", "A", "B"]


@pytest.mark.parametrize("without", ["<title>No id</title>", entry(""), entry("  ")])
def test_an_entry_without_an_id_is_passed_over(without):
    feed = parse(atom(entry("A"), without, entry("B")))
    assert [found.youtube_id for found in feed.entries] == ["A", "B"]


def test_a_feed_whose_entries_all_lack_an_id_is_tried_later():
    """Taken for an empty one, it would look like a channel that publishes nothing."""
    with pytest.raises(TryLater, match="has entries, but none with the id of a video"):
        parse(atom("<title>No id</title>", entry("")))


def test_a_repeated_entry_is_taken_once_as_it_stands_first():
    feed = parse(atom(entry("B"), entry("A", "new title"), entry("C"), entry("A", "old title")))
    assert [(found.youtube_id, found.title) for found in feed.entries] == [
        ("B", "Some title"),
        ("A", "new title"),
        ("C", "Some title"),
    ]


@pytest.mark.parametrize(
    "published", ["", "yesterday", "2026-13-01T10:00:00+00:00", "2026-11-01T10:00:00", "1793527200", "0"]
)
def test_a_time_that_is_none_or_says_no_zone_is_left_out(published):
    assert only(atom(entry(published=published))).published_at is None


@pytest.mark.parametrize("published", ["9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00"])
def test_a_time_that_is_none_any_more_in_utc_is_left_out(published):
    assert only(atom(entry(published=published))).published_at is None


def test_a_missing_time_is_left_out():
    assert only(atom("<yt:videoId>A</yt:videoId>")) == Entry("A", "", None)


@pytest.mark.parametrize(
    "published",
    ["2026-11-01T11:00:00+01:00", "2026-11-01T10:00:00Z", " 2026-11-01T10:00:00+00:00\n", "20261101T100000Z"],
)
def test_a_time_of_any_zone_is_the_same_moment_in_utc(published):
    found = only(atom(entry(published=published))).published_at
    assert found == PUBLISHED
    assert found.tzinfo is UTC


def test_a_time_with_nine_digits_after_the_second_is_read():
    """As WebSub sends them."""
    assert only(atom(entry(published="2026-11-01T10:00:00.123456789+00:00"))).published_at.microsecond == 123456


def test_what_hides_or_reorders_text_is_taken_out_of_a_title():
    assert only(atom(entry(title="a&#x202e;b&#x9b;31mc&#x200b;d\n\n e"))).title == "abcd e"


def test_a_title_of_five_thousand_characters_is_cut():
    title = only(atom(entry(title="x" * 5_000))).title
    assert len(title) == TITLE_CHARACTERS
    assert title.endswith("x…")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "is no XML"),
        (b"Error 404 (Not Found)", "is no XML"),
        (b"\x00\xff\xfe\x00", "is no XML"),
        (b"<feed", "is no XML"),
        (SAMPLE.encode()[:600], "is no XML"),
        (atom(entry(title="a\x01b")), "is no XML"),
        (atom(entry(title="a&#1;b")), "is no XML"),
        (atom(entry(title="a\xffb")).replace("ÿ".encode(), b"\xff"), "is no XML"),
        (b"<!DOCTYPE html><html><title>404</title></html>", "a page with a document type"),
        (b"\n\n<!doctype html>\n<html></html>", "is no XML"),
        (BOMB.encode(), "a page with a document type"),
        (b" " * 5_000 + BOMB.encode(), "is no XML"),
        (BOMB.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"), "a page with a document type"),
        (declared("shift_jis"), "is no XML"),
        (declared("klingon"), "is no XML"),
        (b"<html><body>Sorry</body></html>", "is XML, but no Atom feed"),
        (b'<rss version="2.0"><channel><title>x</title></channel></rss>', "is XML, but no Atom feed"),
        (b"<feed><title>of no namespace</title></feed>", "is XML, but no Atom feed"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "is XML, but no Atom feed"),
    ],
    ids=lambda value: value[:20].decode(errors="replace") if isinstance(value, bytes) else "",
)
def test_what_is_no_feed_is_tried_later(body, told):
    with pytest.raises(TryLater, match=told):
        parse(body)


def test_a_bomb_in_another_encoding_does_not_go_off():
    """The parser itself limits what entities grow to."""
    levels = "".join(f'<!ENTITY a{level + 1} "{f"&a{level};" * 10}">' for level in range(8))
    bomb = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x [<!ENTITY a0 "{"ha" * 10}">{levels}]><x>&a8;</x>'
    with pytest.raises(TryLater):
        parse(bomb.encode("utf-16"))


# ---- fetching


class Server(ThreadingHTTPServer):
    """Answers every request with the same bytes, whatever they are, and closes the connection."""

    def __init__(self):
        self.answer = b""
        self.dripping = False
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/feeds/videos.xml?channel_id=UC"

    def answers(self, status, body=b"", **headers):
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        head = {"Content-Length": len(body), "Content-Type": "text/xml", "Connection": "close", **said}
        lines = [f"HTTP/1.1 {status} Some Reason", *(f"{name}: {value}" for name, value in head.items())]
        self.answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def handle_error(self, request, client_address):
        """The other side may close as soon as it has read enough."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.server.answer is None:
            self.server.released.wait(60)
        elif self.server.dripping:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not self.server.released.wait(0.02):
                try:
                    self.wfile.write(b"x")
                except OSError:
                    break
        else:
            self.wfile.write(self.server.answer)
        self.close_connection = True

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


def refusal(url, timeout_seconds=10):
    with pytest.raises(TryLater) as error:
        fetch(url, timeout_seconds)
    return error.value


def test_the_body_comes_as_it_was_sent(server):
    server.answers(200, SAMPLE.encode())
    assert fetch(server.url, 10) == SAMPLE.encode()


def test_an_empty_body_is_for_the_parser_to_refuse(server):
    server.answers(200)
    assert fetch(server.url, 10) == b""


@pytest.mark.parametrize("status", [204, 304, 400, 403, 404, 410, 429, 500, 503])
def test_any_other_status_is_tried_later(server, status):
    server.answers(status)
    assert str(refusal(server.url)) == f"the feed answered {status}"
    assert refusal(server.url).after is None


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("120", timedelta(minutes=2)),
        ("999999999", timedelta(days=1)),
        ("9" * 5_000, None),
        ("-5", None),
        ("soon", None),
        ("Wed, 25 Nov 2026 07:28:00 GMT", None),
    ],
)
def test_a_wait_that_was_asked_for_is_passed_on_within_a_day(server, said, after):
    server.answers(429, b"slow down", Retry_After=said)
    assert refusal(server.url).after == after


def test_a_body_of_ten_megabytes_is_not_read_to_its_end(server):
    server.answers(200, b" " * 10_000_000)
    assert str(refusal(server.url)) == f"the feed is longer than {MAXIMUM_BYTES:,} bytes: it is no feed"


def test_a_body_that_is_cut_off_is_tried_later(server):
    server.answers(200, SAMPLE.encode(), Content_Length=len(SAMPLE) + 100)
    assert "could not be read" in str(refusal(server.url))


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"], ids=["nothing", "another protocol"])
def test_a_connection_that_is_closed_without_an_answer_is_tried_later(server, answer):
    server.answer = answer
    assert "could not be read" in str(refusal(server.url))


def test_a_server_that_does_not_answer_is_tried_later(server):
    server.answer = None
    assert "ReadTimeout" in str(refusal(server.url, timeout_seconds=0.1))


def test_a_redirect_to_itself_is_tried_later(server):
    server.answers(302, Location=server.url)
    assert "TooManyRedirects" in str(refusal(server.url))


def test_a_server_that_answers_byte_by_byte_does_not_hold_up_the_others(server):
    server.answer, server.dripping = b"", True
    with pytest.raises(TryLater, match=r"was not whole after 0\.2 s"):
        fetch(server.url, 10, whole_seconds=0.2)


def test_a_refused_connection_is_tried_later(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.socket() as nobody:  # bound, so that nobody else takes the port, but not listening
        nobody.bind(("127.0.0.1", 0))
        assert "ConnectionError" in str(refusal(f"http://127.0.0.1:{nobody.getsockname()[1]}/"))


@pytest.mark.parametrize("url", ["nonsense", "ftp://127.0.0.1/", "http://", "http://[::1"])
def test_an_address_that_is_none_is_tried_later(url):
    assert "could not be read" in str(refusal(url))
