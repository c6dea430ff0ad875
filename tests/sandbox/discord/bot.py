"""A small bot on the unmodified discord.py, which a test runs in a thread, or as a process: python -m … URL."""

import asyncio
import contextlib
import io
import re
import sys
import threading
import warnings

import yarl

from sandbox import discord as sandbox

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, which Python 3.13 has no more
    import discord
    import discord.gateway
    import discord.http
    from discord import app_commands, ui

discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
GUILD = discord.Object(int(sandbox.GUILD_ID))
PATIENCE_SECONDS = 30


def aim(url):
    """Let discord.py talk to the sandbox: the seam that it has."""
    discord.http.Route.BASE = sandbox.api_url(url)
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sandbox.gateway_url(url))


class Bot(discord.Client):
    """Syncs its commands at the start. What happened to it is in `events`; `gate` is what some answers wait for."""

    def __init__(self, intents=1, sync=True, **options):
        super().__init__(
            intents=discord.Intents(intents) if isinstance(intents, int) else intents,
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.02,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.sync = sync
        self.tree = app_commands.CommandTree(self)
        self.events = []
        self.errors = []
        self.gate = asyncio.Event()
        self.tree.on_error = self.on_command_error
        add_commands(self)

    async def setup_hook(self):
        self.add_dynamic_items(Decide)
        if self.sync:
            await self.tree.sync(guild=GUILD)

    async def on_command_error(self, _interaction, error):
        self.errors.append(getattr(error, "original", error))

    async def on_error(self, _event, *_):
        self.errors.append(sys.exc_info()[1])

    async def on_ready(self):
        self.events.append("ready")

    async def on_resumed(self):
        self.events.append("resumed")

    async def on_disconnect(self):
        self.events.append("disconnect")

    async def on_message(self, message):
        self.events.append(("message", message.content))

    async def on_interaction(self, interaction):
        custom_id = (interaction.data or {}).get("custom_id", "")
        if interaction.type is discord.InteractionType.modal_submit:
            fields = {}
            for one in interaction.data["components"]:
                for field in [one["component"]] if "component" in one else one.get("components", []):
                    fields[field["custom_id"]] = field.get("value", field.get("values"))
            self.events.append((custom_id, fields))
            files = [one["filename"] for one in interaction.data.get("resolved", {}).get("attachments", {}).values()]
            await interaction.response.send_message(f"{custom_id}: {fields.get('caption')} {files}", ephemeral=True)


class Decide(ui.DynamicItem[ui.Button], template=r"draft:(?P<verb>\w+):(?P<number>[0-9]+)"):
    def __init__(self, verb, number, label=None):
        self.verb, self.number = verb, number
        style = discord.ButtonStyle.success if verb == "approve" else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=label or verb.title(), style=style, custom_id=f"draft:{verb}:{number}"))

    @classmethod
    async def from_custom_id(cls, _interaction, _item, match: re.Match):
        return cls(match["verb"], int(match["number"]))

    async def callback(self, interaction):
        response, bot = interaction.response, interaction.client
        bot.events.append((self.verb, self.number))
        try:
            await getattr(self, self.verb)(interaction, response, bot)
        except discord.HTTPException as error:
            bot.errors.append(error)

    async def approve(self, interaction, response, _bot):
        await response.edit_message(content=f"Approved by {interaction.user.display_name}", embed=None, view=None)

    async def silent(self, interaction, response, bot):
        await response.defer()
        await bot.gate.wait()
        await interaction.edit_original_response(content="Changed later")

    async def reject(self, _interaction, response, _bot):
        await response.send_modal(form(f"reject:{self.number}"))

    async def late(self, _interaction, response, bot):
        await bot.gate.wait()
        await response.send_message("too late")

    async def twice(self, interaction, response, _bot):
        await response.defer(ephemeral=True, thinking=True)
        again = discord.InteractionResponse(interaction)
        try:
            await again.send_message("twice")
        finally:
            await interaction.edit_original_response(content="once")


def form(custom_id):
    """A modal with every kind of thing in it, served in on_interaction."""
    modal = ui.Modal(title="Why?", custom_id=custom_id, timeout=900)
    modal.add_item(ui.TextDisplay("Tell the *author*."))
    text = ui.TextInput(custom_id="caption", default="as it was", min_length=2, max_length=20, required=True)
    modal.add_item(ui.Label(text="Caption", component=text))
    options = [
        discord.SelectOption(label="Timing", value="t", default=True),
        discord.SelectOption(label="Text", value="x"),
    ]
    modal.add_item(ui.Label(text="Kind", component=ui.Select(custom_id="kind", options=options)))
    modal.add_item(ui.Label(text="Files", component=ui.FileUpload(custom_id="files", min_values=0, required=False)))
    modal.add_item(ui.Label(text="Sure", component=ui.Checkbox(custom_id="sure", default=True)))
    return modal


def buttons(*verbs, number=7):
    view = ui.View(timeout=None)
    for verb in verbs:
        view.add_item(Decide(verb, number))
    return view


def add_commands(bot):
    tree = bot.tree
    draft = app_commands.Group(name="draft", description="Drafts")
    inner = app_commands.Group(name="track", description="Tracks", parent=draft)
    tree.add_command(draft, guild=GUILD)

    @tree.command(guild=GUILD, description="Say it again")
    async def echo(interaction, text: str, times: app_commands.Range[int, 1, 3] = 1, hidden: bool = False):
        await interaction.response.send_message(" ".join([text] * times), ephemeral=hidden)

    @draft.command(description="Show one")
    async def show(interaction, draft: int):
        await interaction.response.send_message(
            f"draft {draft}, asked by {[one.name for one in interaction.user.roles]}"
        )

    @show.autocomplete("draft")
    async def complete(_interaction, current):
        names = [("A talk", 12), ("A tale", 13), ("Other", 2)]
        return [app_commands.Choice(name=name, value=value) for name, value in names if name.startswith(str(current))]

    @inner.command(name="list", description="List them")
    @app_commands.choices(
        form=[app_commands.Choice(name="WebVTT", value="vtt"), app_commands.Choice(name="SRT", value="srt")]
    )
    async def list_(
        interaction, form: app_commands.Choice[str], place: discord.TextChannel, who: discord.Member, role: discord.Role
    ):
        await interaction.response.send_message(f"{form.value} {place.name} {who.display_name} {role.name}")

    @tree.command(guild=GUILD, description="Take long")
    async def slow(interaction, hidden: bool = True, followup: bool = False):
        await interaction.response.defer(ephemeral=hidden, thinking=True)
        await bot.gate.wait()
        if followup:
            await interaction.followup.send("at last", ephemeral=not hidden)
            await interaction.followup.send("and more", ephemeral=True)
        else:
            await interaction.edit_original_response(content="at last")

    @tree.command(guild=GUILD, description="Answer, and take it back")
    async def fleeting(interaction):
        await interaction.response.send_message("here")
        assert (await interaction.original_response()).content == "here"
        await interaction.delete_original_response()

    @tree.command(guild=GUILD, description="Send a file")
    async def upload(interaction, file: discord.Attachment):
        data = await file.read()
        back = discord.File(io.BytesIO(data[::-1]), filename="back.srt", description="reversed")
        await interaction.response.send_message(f"{file.filename} {file.size}", file=back)

    @tree.command(guild=GUILD, description="Show a card")
    async def card(interaction, verb: str = "approve"):
        embed = discord.Embed(title="A talk", description="Draft 7", color=0x3366FF)
        embed.add_field(name="Cues", value="12")
        await interaction.response.send_message("A **draft**", embed=embed, view=buttons(verb, "reject"))

    @tree.command(guild=GUILD, description="Choose")
    async def choose(interaction):
        view = ui.View(timeout=30)
        view.add_item(Picker())
        view.add_item(ui.UserSelect(custom_id="who", row=1))
        view.add_item(ui.Button(label="Off", custom_id="off", disabled=True, row=2))
        view.add_item(ui.Button(label="Docs", url="https://example.org", row=2))
        await interaction.response.send_message("Pick", view=view)

    @tree.command(guild=GUILD, description="For administrators")
    @app_commands.default_permissions(manage_guild=True)
    async def secret(interaction):
        await interaction.response.send_message("yes", ephemeral=True)

    @tree.command(guild=GUILD, description="Never answers")
    async def silent(_interaction):
        await bot.gate.wait()

    @tree.context_menu(guild=GUILD, name="Show text")
    async def show_text(interaction, message: discord.Message):
        await interaction.response.send_message(f"It says {message.content}", ephemeral=True)

    @tree.context_menu(guild=GUILD, name="Greet")
    async def greet(interaction, member: discord.Member):
        await interaction.response.send_message(f"Hello {member.display_name}")


class Picker(ui.Select):
    def __init__(self):
        options = [discord.SelectOption(label=name.title(), value=name) for name in ("one", "two", "three")]
        super().__init__(custom_id="pick", options=options, min_values=1, max_values=2)

    async def callback(self, interaction):
        await interaction.response.send_message(f"picked {self.values}")


class Running:
    """A bot in a thread with a loop of its own."""

    def __init__(self, url, token=sandbox.TOKEN, make=Bot, **options):
        aim(url)
        self._token, self._make, self._options = token, make, options
        self._made = threading.Event()
        self.ended = None
        self.bot = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._made.wait(PATIENCE_SECONDS)

    async def _run(self):
        self.loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        self.bot = self._make(**self._options)
        self._made.set()
        try:
            async with self.bot:
                await self.bot.start(self._token)
        except (Exception, asyncio.CancelledError) as error:
            self.ended = error

    def do(self, work):
        """What a coroutine gives that runs in the bot's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_SECONDS)

    def opens_gate(self):
        self.loop.call_soon_threadsafe(self.bot.gate.set)

    def ends(self):
        """Wait for its end; the exception that it ended by."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self.ended

    def close(self):
        """Cancel start(): a close() beside it would meet its reading, and say 4000 instead of 1000."""
        with contextlib.suppress(RuntimeError):  # its loop is closed already
            self.loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(PATIENCE_SECONDS)

    @property
    def channel(self):
        return self.bot.get_partial_messageable(int(sandbox.CHANNEL_ID), guild_id=GUILD.id)


if __name__ == "__main__":
    aim(sys.argv[1])

    async def main():
        async with Bot() as bot:
            await bot.start(sandbox.TOKEN)

    asyncio.run(main())
