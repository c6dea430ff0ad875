from pathlib import Path

import pytest

from bot.settings import Settings as BotSettings
from daemon.settings import Settings
from store import settings as stored
from store.errors import SettingsError

SHIPPED = Path(__file__).parents[2] / "config.toml"


def load(tmp_path, text, model=Settings):
    path = tmp_path / "config.toml"
    path.write_text(text)
    return stored.load(model, path)


def test_without_a_file_the_defaults_hold():
    assert stored.load(Settings, None).daemon.speech.engine == "whisper"


def test_the_shipped_file_is_read_to_the_defaults_by_both_programs():
    assert stored.load(Settings, SHIPPED).daemon == Settings().daemon
    assert stored.load(BotSettings, SHIPPED).bot == BotSettings().bot


def test_what_a_file_leaves_out_keeps_its_default(tmp_path):
    settings = load(tmp_path, "[daemon.youtube]\npoll_minutes = 5\n")
    assert settings.daemon.youtube.poll_minutes == 5
    assert settings.daemon.youtube.daily_quota == 10_000


def test_all_mistakes_are_told_at_once_with_what_was_meant(tmp_path):
    with pytest.raises(SettingsError) as error:
        load(
            tmp_path,
            """
            [deamon]
            [daemon.youtube]
            pol_minutes = 5
            api_root = 7
            feed_url = "https://example.org/feed"
            [daemon.engines.whisper]
            batch_size = 0
            [daemon.speech]
            engine = "wisper"
            [daemon.captions]
            profile = "netflx"
            """,
        )
    told = "\n".join(error.value.mistakes)
    assert len(error.value.mistakes) == 7
    assert "deamon: there is no such key. Did you mean daemon?" in told
    assert "daemon.youtube.pol_minutes: there is no such key. Did you mean poll_minutes?" in told
    assert "daemon.youtube.api_root: Input should be a valid string (it is 7)" in told
    assert "daemon.youtube.feed_url: must hold {channel_id}" in told
    assert "daemon.engines.whisper.batch_size" in told
    assert "Did you mean whisper?" in told
    assert "daemon.captions.profile" in told


def test_each_program_leaves_the_other_ones_table_to_it(tmp_path):
    text = "[daemon]\nnonsense = 1\n[bot]\nanswer_seconds = 3\n"
    assert load(tmp_path, text, BotSettings).bot.answer_seconds == 3
    with pytest.raises(SettingsError, match=r"daemon\.nonsense"):
        load(tmp_path, text)


@pytest.mark.parametrize(("text", "told"), [("[store", "is no TOML"), ("a = 1\na = 2", "is no TOML")])
def test_a_file_that_is_no_toml_is_one_line(tmp_path, text, told):
    with pytest.raises(SettingsError, match=told):
        load(tmp_path, text)


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    with pytest.raises(SettingsError, match=r"config\.toml: cannot be read: No such file"):
        stored.load(Settings, tmp_path / "config.toml")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        stored.load(Settings, tmp_path)


def test_the_file_is_looked_for_where_it_was_said_then_in_the_environment_then_at_home(tmp_path):
    assert stored.config_path(Path("x.toml"), {"CAPTIONWATCH_CONFIG": "y.toml"}) == Path("x.toml")
    assert stored.config_path(None, {"CAPTIONWATCH_CONFIG": "y.toml"}) == Path("y.toml")
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert stored.config_path(None, home) is None
    (tmp_path / "captionwatch").mkdir()
    (tmp_path / "captionwatch" / "config.toml").touch()
    assert stored.config_path(None, home) == tmp_path / "captionwatch" / "config.toml"


def test_the_state_is_where_systemd_says_or_below_the_state_home():
    assert stored.state_directory({"STATE_DIRECTORY": "/var/lib/captionwatch:/other"}) == Path("/var/lib/captionwatch")
    assert stored.state_directory({"XDG_STATE_HOME": "/s"}) == Path("/s/captionwatch")


@pytest.mark.parametrize("url", ["captionwatch.db", "/var/lib/x.db", "sqlite"])
def test_what_is_no_address_of_a_database_is_told(tmp_path, url):
    with pytest.raises(SettingsError, match=r"store\.url: is no address of a database, such as sqlite:"):
        load(tmp_path, f'[store]\nurl = "{url}"\n')


def test_an_address_of_a_database_keeps_its_password(tmp_path):
    url = "postgresql://ann:secret@db/captions"
    assert load(tmp_path, f'[store]\nurl = "{url}"\n').store.database_url(tmp_path) == url


def test_without_an_address_the_database_is_in_the_state_directory(tmp_path):
    assert load(tmp_path, "").store.database_url(tmp_path) == f"sqlite:///{tmp_path}/captionwatch.db"


def test_a_database_address_that_is_a_mistake_does_not_show_its_password(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text('[store]\nurl = "postgresql//ann:hush-hush@host/db"\n')
    with pytest.raises(SettingsError, match=r"store\.url: is no address of a database") as error:
        stored.load(Settings, path)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("limits.line = 1", "daemon.captions.limits: a profile has no line; .* Did you mean lines?"),
        ("limits.lines = true", r"daemon\.captions\.limits\.lines: Input should be a valid number \(it is True\)"),
        ("limits.lines = 1.5", "daemon.captions.limits: lines is a whole number, not 1.5"),
        ("limits.reading_speed_target = 21", "reading_speed_target <= reading_speed_cap, not 21 and 20"),
        ('profile = "shorts"\nlimits.minimum_seconds = 6', "minimum_seconds < maximum_seconds, not 6 and 5"),
        ('vertical_profile = "short"', 'daemon.captions.vertical_profile: .* Did you mean "shorts"?'),
    ],
)
def test_numbers_that_the_profile_of_captions_cannot_have_are_one_mistake(tmp_path, text, told):
    with pytest.raises(SettingsError, match=told) as error:
        load(tmp_path, f"[daemon.captions]\n{text}\n")
    assert len(error.value.mistakes) == 1


def test_numbers_are_judged_with_the_profile_that_they_are_for(tmp_path):
    ours = load(tmp_path, '[daemon.captions]\nprofile = "bbc"\nvertical_profile = ""\nlimits.reading_speed_cap = 14\n')
    assert ours.daemon.captions.limits == {"reading_speed_cap": 14}
    assert ours.daemon.captions.vertical_profile == ""
