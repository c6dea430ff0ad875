"""What hypothesis throws at captions."""

from hypothesis import strategies as st

from captions.text import clean_line, escape
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

AWKWARD = (
    " \t\n\r\x0b\x0c\x1b\x00\x07\x85\x9b\x9d\u00a0\u00ad\u200b\u200d\u200f\u2028\u202e\u2066\u3000\ufeff\ud800"
    "<>&;-/\\{}[]()\"'“”.,:!?…i b u v c 0 1 9 a Z é ß 字 幕 を 。 、 ア 한 ع ไ 👩 \u0301"
)

awkward_text = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters()), max_size=30) | st.sampled_from(
    [
        "-->",
        "--",
        "<i>x</i>",
        "<v Ann>",
        "</v>",
        "&amp;",
        "&lt;b&gt;",
        "<",
        ">> ANN: ",
        "\x1b[31mred",
        "x" * 200,
        "字" * 90,
    ]
)
plain_lines = awkward_text.map(clean_line).filter(bool)
speakers = st.none() | plain_lines.filter(lambda name: not name.endswith("-"))
milliseconds = st.integers(0, 400_000_000)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Tracks as programmes make them: escaped lines, whole milliseconds, in order."""
    lines = st.lists(st.builds(lambda text, speaker: Line(escape(text), speaker), plain_lines, speakers), max_size=3)
    starts = sorted(draw(st.lists(milliseconds, max_size=6)))
    ids = st.just("") | plain_lines.filter(lambda text: "-->" not in text)
    settings = st.sampled_from(["", "line:0", "align:start position:10%", "region:fred", "nonsense"])
    cues = [
        Cue(start / 1000, (start + draw(st.integers(1, 9000))) / 1000, tuple(draw(lines)), draw(ids), draw(settings))
        for start in starts
    ]
    return Track("en", tuple(cues))


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Words as the worst engine gives them: no time at all, times that run back or overlap, half a minute long."""
    steps = st.sampled_from([0.0, 0.0, 0.01, 0.1, 0.3, 0.3, 0.9, 5.0, -0.2, -3.0])
    lengths = st.sampled_from([0.0, 0.0, 0.01, 0.2, 0.2, 0.5, 2.0, 30.0]) | st.floats(0, 40)
    texts = st.sampled_from(["I", "the", "you.", "Well,", "and", "extraordinary", "字", "幕。"]) | awkward_text
    voices = draw(st.sampled_from([[None], ["A", "B"], [None, "Ann", "Bob", "Bartholomew Featherstonehaugh-Smythe"]]))
    time, words = draw(st.floats(0, 5)), []
    for _ in range(draw(st.integers(0, 40))):
        time = max(0.0, time + draw(steps))
        words.append(Word(draw(texts), time, time + draw(lengths), 0.9, draw(st.sampled_from(voices))))
    seconds = draw(st.sampled_from([0.0, time, time + 60]))
    return Transcript(tuple(words), draw(st.sampled_from(["en", "ja", "xx"])), "fake", "fake", seconds)


def one(*lines: Line, start: float = 1.0, end: float = 2.0, labels: str = "", **more: str) -> Track:
    """A track of one cue."""
    return Track("en", (Cue(start, end, lines, **more),), labels)
