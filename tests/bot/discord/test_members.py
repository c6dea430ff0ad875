import pytest

from bot.discord import members
from bot.discord.members import Member
from bot.guard import Role
from bot.settings import DiscordSettings

ANN, BOB, TEAM = 1, 2, 7
NAMED = DiscordSettings(owners=("1",), approvers=("7",), viewers=("2",))


def member(person, *roles, manages=False, ours=True):
    return Member(person, "somebody", roles, manages, ours)


@pytest.mark.parametrize(
    ("who", "settings", "role"),
    [
        (member(9), DiscordSettings(), Role.VIEWER),
        (member(9, manages=True), DiscordSettings(), Role.OWNER),
        (member(ANN), NAMED, Role.OWNER),
        (member(9, TEAM), NAMED, Role.APPROVER),
        (member(ANN, TEAM), NAMED, Role.OWNER),
        (member(BOB), NAMED, Role.VIEWER),
        (member(9), NAMED, Role.NOBODY),
        (member(9, manages=True), NAMED, Role.NOBODY),
        (member(9, 1), NAMED, Role.OWNER),
        (member(9), DiscordSettings(approvers=("7",)), Role.VIEWER),
        (member(ANN, manages=True, ours=False), NAMED, Role.NOBODY),
        (member(9, manages=True, ours=False), DiscordSettings(), Role.NOBODY),
        (member(9, manages=True), DiscordSettings(approvers=("7",)), Role.OWNER),
    ],
)
def test_a_role_is_what_the_settings_give(who, settings, role):
    assert members.role(who, settings) is role


def test_an_actor_is_named_after_the_surface_and_the_person():
    assert members.actor(Member(ANN, "ann", (), manages=False, ours=True), NAMED).name == "discord:ann"


@pytest.mark.parametrize("wrong", ["ann", "@ann", "-1", "1.0", "9" * 21])
def test_what_is_no_id_is_a_mistake(wrong):
    with pytest.raises(ValueError, match="is no id: in Discord, switch on Developer Mode"):
        DiscordSettings(owners=(wrong,))


@pytest.mark.parametrize(
    ("guild", "server", "guilds", "ours"),
    [
        (1, "", [1], True),
        (1, "1", [1, 2], True),
        (2, "1", [1, 2], False),
        (1, "", [1, 2], False),
        (9, "", [1], False),  # clicked where the bot is not, by one who took its commands along
        (9, "", [], False),
        (None, "", [1], False),
        (None, "1", [1], False),
    ],
)
def test_only_one_server_is_ours(guild, server, guilds, ours):
    assert members.is_ours(guild, server, guilds) is ours
