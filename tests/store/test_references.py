import pytest

from store.references import Reference, ReferenceKind, read_channel, read_video

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
VIDEO = "dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        (CHANNEL, ReferenceKind.CHANNEL, CHANNEL),
        ("@Some.Handle_1", ReferenceKind.HANDLE, "@Some.Handle_1"),
        ("@字幕組", ReferenceKind.HANDLE, "@字幕組"),
        ("https://www.youtube.com/@name/videos", ReferenceKind.HANDLE, "@name"),
        ("youtube.com/@name", ReferenceKind.HANDLE, "@name"),
        (f"https://youtube.com/channel/{CHANNEL}/about", ReferenceKind.CHANNEL, CHANNEL),
        ("https://m.youtube.com/user/OldName", ReferenceKind.USER, "OldName"),
        (f" https://www.youtube.com/watch?t=3&v={VIDEO} ", ReferenceKind.VIDEO, VIDEO),
        (f"https://youtu.be/{VIDEO}?si=x", ReferenceKind.VIDEO, VIDEO),
        (f"https://www.youtube.com/shorts/{VIDEO}", ReferenceKind.VIDEO, VIDEO),
    ],
)
def test_people_name_a_channel_in_many_ways(text, kind, value):
    assert read_channel(text) == Reference(kind, value)


@pytest.mark.parametrize(
    "text",
    ["", "name", "@", "UCshort", f"https://evil.example/@name/watch?v={VIDEO}", "https://youtu.be/", "https://[",
     f"ftp://youtube.com/channel/{CHANNEL}", "x" * 10_000],
)  # fmt: skip
def test_what_is_no_channel_is_refused_with_a_hint(text):
    with pytest.raises(ValueError, match="no YouTube channel: give") as error:
        read_channel(text)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        VIDEO,
        f"https://www.youtube.com/watch?v={VIDEO}",
        f"youtu.be/{VIDEO}",
        f"https://www.youtube.com/live/{VIDEO}?x=1",
    ],
)
def test_a_video_is_named_by_its_id_or_url(text):
    assert read_video(text) == VIDEO


@pytest.mark.parametrize(
    "text", ["", "short", f"https://evil.example/watch?v={VIDEO}", "https://youtube.com/watch?v=x"]
)
def test_what_is_no_video_is_refused_with_a_hint(text):
    with pytest.raises(ValueError, match="no YouTube video: give"):
        read_video(text)
