"""What the bot answers to an interaction: the callback, the original response, and follow-ups by its token."""

from __future__ import annotations

from sandbox.discord import messages
from sandbox.discord.call import NOTHING, Answer, Call
from sandbox.discord.errors import (
    ACKNOWLEDGED,
    INVALID_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    InvalidForm,
    Problem,
)
from sandbox.discord.interaction import Callback, Interaction, Type
from sandbox.discord.message import EPHEMERAL, LOADING, Message, numbered
from sandbox.discord.things import Json

BY_TYPE = {
    Type.COMMAND: {Callback.MESSAGE, Callback.THINKING, Callback.MODAL},
    Type.COMPONENT: set(Callback) - {Callback.CHOICES},
    Type.AUTOCOMPLETE: {Callback.CHOICES},
    Type.SUBMIT: {Callback.MESSAGE, Callback.THINKING, Callback.SILENT, Callback.UPDATE},
}
"""Which first answers an interaction may get."""
ON_A_MESSAGE = (Callback.SILENT, Callback.UPDATE)


def respond(call: Call) -> Answer:
    """POST /interactions/{interaction_id}/{interaction_token}/callback."""
    discord = call.discord
    interaction = discord.interactions.get(call["interaction_id"])
    if interaction is None or interaction.token != call["interaction_token"]:
        raise ApiError(UNKNOWN_INTERACTION)
    if interaction.acknowledged is not None:
        raise ApiError(ACKNOWLEDGED)
    if discord.is_over(interaction.created_at, discord.settings.deadline_seconds):
        interaction.fail()
        raise ApiError(UNKNOWN_INTERACTION)
    kind = Callback(call.body["type"])
    if kind not in BY_TYPE[interaction.type] or (kind in ON_A_MESSAGE and interaction.message_id is None):
        raise InvalidForm(
            [Problem(("type",), "INTERACTION_TYPE_INVALID", f"no answer to {interaction.what}: {kind.name}")]
        )
    made = _do(call, interaction, kind)
    if interaction.type is Type.SUBMIT:
        discord.open_forms.pop(interaction.member.user.id, None)  # the modal closes; unanswered it would stay open
    ephemeral = bool(made is not None and made.flags & EPHEMERAL)
    interaction.acknowledge(kind, call.arrived, ephemeral=ephemeral)
    if call.query.get("with_response", "").lower() not in ("1", "true"):
        return NOTHING
    return Answer(_with_response(call, interaction, kind, made))


def _do(call: Call, interaction: Interaction, kind: Callback) -> Message | None:
    """Do what an answer of this kind does; the message that it made or changed."""
    data = call.body.get("data") or {}
    if kind in (Callback.CHOICES, Callback.MODAL):
        _show(call, interaction, kind, data)
        return None
    if kind in ON_A_MESSAGE:
        interaction.response_id = interaction.message_id
        message = call.discord.messages.get(interaction.message_id or "")
        if kind is Callback.UPDATE and message is not None:
            return messages.edit(_with_body(call, data), message)
        return message
    loading = kind is Callback.THINKING
    message = _made(_with_body(call, {"flags": data.get("flags")} if loading else data), interaction, loading=loading)
    interaction.response_id = message.id
    return message


def _show(call: Call, interaction: Interaction, kind: Callback, data: Json) -> None:
    """Put choices or a modal on the person's screen. A modal takes the place of the one that was there."""
    if kind is Callback.CHOICES:
        interaction.choices = data["choices"]
    else:
        interaction.modal = {**data, "components": numbered(data["components"])}
        call.discord.open_forms[interaction.member.user.id] = interaction


def _with_response(call: Call, interaction: Interaction, kind: Callback, message: Message | None) -> Json:
    about: Json = {"id": interaction.id, "type": int(interaction.type)}
    if message is not None:
        about["response_message_id"] = message.id
        about["response_message_loading"] = message.is_loading
        about["response_message_ephemeral"] = bool(message.flags & EPHEMERAL)
    answer: Json = {"interaction": about}
    if message is not None and kind in (Callback.MESSAGE, Callback.UPDATE):
        answer["resource"] = {"type": int(kind), "message": call.discord.payload(message)}
    return answer


def _with_body(call: Call, body: Json) -> Call:
    return Call(call.discord, call.parameters, call.query, body, call.files, call.arrived)


def _made(call: Call, interaction: Interaction, *, loading: bool = False) -> Message:
    """A new message in the interaction's channel, posted; ephemeral ones are for the person alone."""
    discord = call.discord
    channel = discord.channels[interaction.channel_id]
    if loading:
        flags = LOADING | (call.body.get("flags") or 0) & EPHEMERAL
        message = Message(discord.make_id(), channel.id, discord.bot, discord.now(), flags=flags)
    else:
        message = messages.new(discord, channel, call.body, call.files, response=True)
    message.application_id = discord.bot.id
    message.interaction = _metadata(interaction)
    if message.flags & EPHEMERAL:
        message.seen_by = interaction.member.user.id
    discord.post(message)
    return message


def _metadata(interaction: Interaction) -> Json:
    kind = 3 if interaction.type is Type.COMPONENT else 5 if interaction.type is Type.SUBMIT else 2
    found: Json = {"id": interaction.id, "type": kind, "user": interaction.member.user.payload()}
    found["authorizing_integration_owners"] = {}
    if interaction.message_id and kind == Type.COMPONENT:
        found["interacted_message_id"] = interaction.message_id
    return found


# ---- by the token


def follow_up(call: Call) -> Answer:
    """POST /webhooks/{webhook_id}/{webhook_token}. What was only thinking takes the first one as its message."""
    interaction = _interaction(call)
    original = call.discord.messages.get(interaction.response_id or "")
    if original is not None and original.is_loading:
        message = messages.edit(call, original, answers=True)
    else:
        message = _made(call, interaction)
        interaction.followups.append(message.id)
    interaction.answered(call.arrived)
    return Answer(call.discord.payload(message))


def get(call: Call) -> Answer:
    return Answer(call.discord.payload(_message(call, _interaction(call))))


def update(call: Call) -> Answer:
    interaction = _interaction(call)
    message = _message(call, interaction)
    message = messages.edit(call, message, answers=message.is_loading)
    interaction.answered(call.arrived)
    return Answer(call.discord.payload(message))


def delete(call: Call) -> Answer:
    interaction = _interaction(call)
    call.discord.delete(_message(call, interaction))
    interaction.answered(call.arrived)
    return NOTHING


def _interaction(call: Call) -> Interaction:
    """The interaction whose token it is, if it was acknowledged and the token is still good."""
    discord = call.discord
    found = [one for one in discord.interactions.values() if one.token == call["webhook_token"]]
    if not found or call["webhook_id"] != discord.bot.id or found[0].acknowledged is None:
        raise ApiError(UNKNOWN_WEBHOOK)
    if discord.is_over(found[0].created_at, discord.settings.token_seconds):
        raise ApiError(INVALID_TOKEN)
    return found[0]


def _message(call: Call, interaction: Interaction) -> Message:
    """The message that the path names: @original, or one of the interaction's own."""
    name = call.parameters.get("message_id", "@original")
    if name == "@original" and interaction.response_id is None:
        raise ApiError(UNKNOWN_WEBHOOK)
    identity = interaction.response_id if name == "@original" else name
    if identity not in (interaction.response_id, *interaction.followups) or identity not in call.discord.messages:
        raise ApiError(UNKNOWN_MESSAGE)
    return call.discord.messages[identity]
