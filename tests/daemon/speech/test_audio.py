import os
import struct
import tracemalloc
import wave
from pathlib import Path

import faster_whisper
import numpy as np
import pytest

from daemon.errors import AskHuman, GiveUp
from daemon.speech.audio import BLOCK, SAMPLE_RATE, Samples, decode
from tests.conftest import CORPUS
from tests.daemon.speech.recordings import LOUD, loud_from_to, movie, wav

CONTAINERS = {"mp4": "aac", "mkv": "libopus", "webm": "libopus", "ts": "aac"}
PICTURES = {"webm": "libvpx", "ts": "mpeg2video"}
SOUNDS = {"aac": "aac", "mp3": "libmp3lame", "ogg": "libopus"}
CODEC_PADDING = 0.06  # what AAC and Opus may add at the ends
MATROSKA_DURATION = b"\x44\x89\x88"  # the element's id, and that eight bytes follow: milliseconds


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def near(seconds):
    return pytest.approx(seconds, abs=CODEC_PADDING)


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 1), (44_100, 1), (44_100, 2), (48_000, 6)])
def test_any_rate_and_number_of_channels_keeps_its_length(tmp_path, rate, channels):
    audio = decode(wav(tmp_path / "tone.wav", 1.5, rate, channels))
    assert audio.seconds == pytest.approx(1.5, abs=0.001)
    assert audio.samples.shape == (round(audio.seconds * SAMPLE_RATE),)


def test_sound_is_given_as_the_engines_take_it(tmp_path):
    audio = decode(wav(tmp_path / "tone.wav", rate=44_100, channels=2))
    assert audio.sample_rate == 16_000
    assert audio.samples.dtype == np.float32
    assert audio.samples.flags.c_contiguous
    assert 0.4 < np.abs(audio.samples).max() < 1.0


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_mixed_down_to_one_channel_a_tone_is_as_loud_as_in_each(tmp_path, channels):
    audio = decode(wav(tmp_path / "tone.wav", rate=44_100, channels=channels))
    assert np.abs(audio.samples).max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_the_model_gets_the_samples_that_its_own_library_would_give_it(tmp_path, channels):
    path = wav(tmp_path / "tone.wav", rate=44_100, channels=channels)
    assert np.array_equal(decode(path).samples, faster_whisper.decode_audio(str(path)))


def test_a_recording_of_several_blocks_is_whole(tmp_path):
    sound = np.arange(BLOCK + SAMPLE_RATE, dtype=np.uint32).astype(np.int16)
    with wave.open(str(tmp_path / "long.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    assert np.array_equal(decode(tmp_path / "long.wav").samples * 32768, sound)


def test_samples_on_their_way_take_little_more_than_in_the_end():
    """It was once twice as much; of ten hours that is more than two gigabytes."""
    tracemalloc.start()
    try:
        samples = Samples()
        for minute in range(41):
            samples.add(np.full(60 * SAMPLE_RATE, minute, np.int16))
        made = samples.floats()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert made[:: 60 * SAMPLE_RATE].tolist() == [minute / 32768 for minute in range(41)]
    assert (len(made), len(samples)) == (41 * 60 * SAMPLE_RATE, 0)
    assert peak < 1.8 * made.nbytes


def test_a_tone_is_still_the_same_tone(tmp_path):
    samples = decode(wav(tmp_path / "tone.wav", 1.0, 44_100, 2)).samples
    assert np.abs(np.fft.rfft(samples[:SAMPLE_RATE])).argmax() == 440


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_track_that_starts_late_keeps_the_times_of_the_video(tmp_path, container):
    path = tmp_path / f"late.{container}"
    audio = decode(movie(path, PICTURES.get(container, "mpeg4"), CONTAINERS[container], begins=2.0))
    assert loud_from_to(audio) == (near(2.0), near(3.0))
    assert audio.seconds == near(3.0)


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_a_track_that_starts_late_does_so_without_a_picture_too(tmp_path, container):
    audio = decode(movie(tmp_path / f"late.{container}", picture=None, sound=CONTAINERS[container], begins=2.0))
    assert loud_from_to(audio) == (near(2.0), near(3.0))


def test_a_gap_in_the_sound_is_kept_as_silence(tmp_path):
    audio = decode(movie(tmp_path / "gap.mkv", picture=None, pause=1.5))
    assert loud_from_to(audio) == (near(0.0), near(2.5))
    assert np.abs(audio.samples[int(0.8 * SAMPLE_RATE) : int(1.8 * SAMPLE_RATE)]).max() < LOUD


def test_a_jump_beyond_the_end_that_the_file_tells_is_no_gap(tmp_path):
    path = movie(tmp_path / "jump.mkv", picture=None, pause=60.0)
    before, _, after = path.read_bytes().partition(MATROSKA_DURATION)
    path.write_bytes(before + MATROSKA_DURATION + struct.pack(">d", 1_000.0) + after[8:])
    assert decode(path).seconds == near(1.0)


def test_a_broadcast_whose_clock_began_long_before_starts_at_0(tmp_path):
    audio = decode(movie(tmp_path / "broadcast.ts", picture=None, begins=600.0))
    assert loud_from_to(audio) == (near(0.0), near(1.0))


@pytest.mark.parametrize("container", ["aac", "mp3"])
def test_two_recordings_of_different_rates_that_were_joined_are_both_heard(tmp_path, container):
    first = movie(tmp_path / f"first.{container}", None, SOUNDS[container], seconds=2.0, rate=48_000)
    second = movie(tmp_path / f"second.{container}", None, SOUNDS[container], seconds=2.0, rate=24_000)
    joined = tmp_path / f"joined.{container}"
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    audio = decode(joined)
    assert loud_from_to(audio) == (near(0.0), pytest.approx(4.0, abs=2 * CODEC_PADDING))
    for second in (audio.samples[place * SAMPLE_RATE :][:SAMPLE_RATE] for place in (0, 3)):
        assert np.abs(np.fft.rfft(second)).argmax() == pytest.approx(440, abs=1)


@pytest.mark.parametrize("container", SOUNDS)
def test_damage_in_the_middle_leaves_the_rest(tmp_path, container):
    path = movie(tmp_path / f"damaged.{container}", None, SOUNDS[container], seconds=6.0)
    body = bytearray(path.read_bytes())
    middle = len(body) // 2
    body[middle : middle + 200] = bytes(number * 2 % 256 for number in range(200))
    path.write_bytes(body)
    assert loud_from_to(decode(path)) == (near(0.0), pytest.approx(6.0, abs=0.2))


def test_progress_rises_to_the_whole(tmp_path):
    told = []
    decode(wav(tmp_path / "tone.wav", 3.0), told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == pytest.approx(1.0, abs=0.05)


def test_a_file_that_is_cut_off_gives_what_is_there(tmp_path):
    whole = wav(tmp_path / "whole.wav", 4.0).read_bytes()
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole[: len(whole) // 2])
    assert decode(cut).seconds == pytest.approx(2.0, abs=0.01)


def test_a_movie_without_its_index_is_given_up(tmp_path):
    """mp4 keeps it at the end: nothing can be decoded of one that is cut off."""
    whole = movie(tmp_path / "whole.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(GiveUp, match=r"cut\.mp4 is no recording that can be decoded, or it is damaged"):
        decode(cut)


def test_text_that_is_called_a_movie_is_given_up(tmp_path):
    path = tmp_path / "readme.mp4"
    path.write_text("this is no movie\n" * 200)
    with pytest.raises(GiveUp, match=r"readme\.mp4 is no recording"):
        decode(path)


def test_an_empty_file_is_given_up(tmp_path):
    path = tmp_path / "empty.wav"
    path.touch()
    with pytest.raises(GiveUp, match=r"empty\.wav is no recording that can be decoded, it has 0 bytes: get it again"):
        decode(path)


def test_a_video_without_a_sound_track_is_given_up(tmp_path):
    with pytest.raises(GiveUp, match=r"silent\.mp4 has no sound track"):
        decode(movie(tmp_path / "silent.mp4", sound=None))


def test_a_sound_track_of_no_length_is_given_up(tmp_path):
    with pytest.raises(GiveUp, match="no sound could be decoded from it"):
        decode(wav(tmp_path / "short.wav", 0.0))


def test_no_such_file_asks_a_person(tmp_path):
    with pytest.raises(AskHuman, match=r"there is no file .*absent\.wav"):
        decode(tmp_path / "absent.wav")


def test_a_file_below_a_file_asks_a_person(tmp_path):
    with pytest.raises(AskHuman, match=r"there is no file .*tone\.wav/x"):
        decode(wav(tmp_path / "tone.wav") / "x")


def test_a_folder_asks_a_person(tmp_path):
    with pytest.raises(AskHuman, match="is no file but a folder: name a recording in it"):
        decode(tmp_path)


def test_a_pipe_or_a_device_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(AskHuman, match="is no file but a pipe or a device: save the recording in a file first"):
            decode(path)


def test_a_name_that_cannot_be_one_is_given_up():
    with pytest.raises(GiveUp, match="cannot be decoded: File name too long"):
        decode(Path("x" * 5_000))


def test_the_name_of_a_file_is_shown_as_one_plain_line(tmp_path):
    path = tmp_path / "a\nb\x1b[31mc.wav"
    with pytest.raises(AskHuman, match=r"/a bc\.wav: check its name"):
        decode(path)
    path.write_text("this is no recording")
    with pytest.raises(GiveUp, match=r"^a bc\.wav is no recording"):
        decode(path)


def test_a_file_with_the_name_of_a_protocol_is_a_file(tmp_path, monkeypatch):
    """FFmpeg would take it for a pipe of its own."""
    monkeypatch.chdir(tmp_path)
    wav(tmp_path / "pipe:0")
    assert decode(Path("pipe:0")).seconds == near(1.0)


def test_a_file_is_closed_after_a_failure_too(tmp_path):
    path = movie(tmp_path / "silent.mp4", sound=None)
    before = open_files()
    for _ in range(3):
        with pytest.raises(GiveUp):
            decode(path)
    assert open_files() == before


def test_one_recording_is_heard_alike_in_every_container():
    """Where a developer has the corpus: one recording in many formats."""
    for path in sorted((CORPUS / "formats").glob("p001.*")):
        audio = decode(path)
        assert audio.seconds == pytest.approx(8.995, abs=0.05), path.name
        heard = loud_from_to(audio, LOUD / 2**0.5)
        assert heard == (pytest.approx(0.432, abs=0.01), pytest.approx(8.533, abs=0.01)), path.name
