"""help: the commands, or one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.desk.command import Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.reply import Reply, Table


def command(table: Callable[[], Mapping[str, Command]]) -> Command:
    """The command `help` over the table that it will stand in itself."""

    def choices(_desk: Desk) -> Sequence[tuple[str, str]]:
        return [(one.name, one.help) for one in table().values()]

    def run(desk: Desk, _actor: Actor, values: Values) -> Reply:
        name = values.get("command", "")
        found = [one for one in table().values() if one.name == name or one.name.startswith(f"{name} ") or not name]
        if not found:
            raise ValueError(f"there is no command {name!r}; help lists them all")
        return _one(found[0], slash=desk.slash) if len(found) == 1 else _several(found, slash=desk.slash)

    return Command(
        name="help",
        help="Show the commands, or one of them.",
        role=Role.VIEWER,
        run=run,
        arguments=(Argument("command", "its name", required=False, rest=True, choices=choices),),
        example="help draft approve",
    )


def _several(commands: list[Command], *, slash: bool) -> Reply:
    rows = tuple((f"/{one.name}" if slash else one.usage, one.help) for one in commands)
    data = [{"name": one.name, "usage": one.usage, "help": one.help} for one in commands]
    return Reply("Commands", Table(("command", "what it does"), rows), data=data)


def _one(found: Command, *, slash: bool) -> Reply:
    """A slash command shows its arguments itself, as it is typed."""
    example = [f"Example: {found.example}"] if found.example and not slash else []
    lines = [f"/{found.name}" if slash else found.usage, found.help, *example]
    rows = tuple((argument.name, argument.help) for argument in found.arguments)
    data = {"name": found.name, "usage": found.usage, "help": found.help}
    return Reply("\n".join(lines), Table(("argument", "what it is"), rows) if rows else None, data=data)
