"""The addresses under /api/v10: who calls, is the call a correct one, and then the method itself. And the files.

Operations are named as in Discord's OpenAPI document.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from aiohttp import web

from sandbox.discord import answers, body, channels, checks, commands, guilds, incoming, messages, spec
from sandbox.discord.call import Answer, Call, Method
from sandbox.discord.errors import NOT_FOUND, UNAUTHORIZED, ApiError, NotPlayed, WrongRequest
from sandbox.discord.incoming import STATE

PREFIX = "/api/v10"
BY_TOKEN_IN_PATH = ("/interactions/", "/webhooks/")  # no Authorization is asked for there
MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")  # parameters that have a rate limit each
HEXADECIMAL = re.compile(r"[0-9a-f]{1,16}")
GONE = "This content is no longer available."


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    operation: str
    do: Method


COMMANDS, OF_GUILD = (
    "/applications/{application_id}/commands",
    "/applications/{application_id}/guilds/{guild_id}/commands",
)
CHANNEL, MESSAGES = "/channels/{channel_id}", "/channels/{channel_id}/messages"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
GUILD = "/guilds/{guild_id}"


def get_gateway(call: Call) -> Answer:
    return Answer({"url": gateway_url(call)})


def get_bot_gateway(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    return Answer({"url": gateway_url(call), "shards": 1, "session_start_limit": limit})


def gateway_url(call: Call) -> str:
    return call.discord.origin.replace("http", "ws", 1) + "/gateway"


ROUTES = [
    Route(*row)
    for row in (
        ("GET", "/gateway", "get_gateway", get_gateway),
        ("GET", "/gateway/bot", "get_bot_gateway", get_bot_gateway),
        ("GET", "/users/@me", "get_my_user", guilds.me),
        ("GET", "/users/@me/guilds", "list_my_guilds", guilds.my_guilds),
        ("POST", "/users/@me/channels", "create_dm", channels.create_dm),
        ("GET", "/users/{user_id}", "get_user", guilds.user),
        ("GET", "/oauth2/applications/@me", "get_my_oauth2_application", guilds.application),
        ("PUT", COMMANDS, "bulk_set_application_commands", commands.replace),
        ("GET", COMMANDS, "list_application_commands", commands.listed),
        ("GET", COMMANDS + "/{command_id}", "get_application_command", commands.get),
        ("DELETE", COMMANDS + "/{command_id}", "delete_application_command", commands.delete),
        ("PUT", OF_GUILD, "bulk_set_guild_application_commands", commands.replace),
        ("GET", OF_GUILD, "list_guild_application_commands", commands.listed),
        ("GET", OF_GUILD + "/{command_id}", "get_guild_application_command", commands.get),
        ("DELETE", OF_GUILD + "/{command_id}", "delete_guild_application_command", commands.delete),
        ("GET", CHANNEL, "get_channel", channels.get),
        ("PATCH", CHANNEL, "update_channel", channels.update),
        ("DELETE", CHANNEL, "delete_channel", channels.delete),
        ("POST", CHANNEL + "/typing", "trigger_typing_indicator", channels.typing),
        ("POST", CHANNEL + "/threads", "create_thread", channels.create_thread),
        ("GET", CHANNEL + "/threads/archived/public", "list_public_archived_threads", channels.archived_threads),
        ("POST", MESSAGES, "create_message", messages.create),
        ("GET", MESSAGES, "list_messages", messages.listed),
        ("GET", MESSAGES + "/{message_id}", "get_message", messages.get),
        ("PATCH", MESSAGES + "/{message_id}", "update_message", messages.update),
        ("DELETE", MESSAGES + "/{message_id}", "delete_message", messages.delete),
        ("POST", MESSAGES + "/{message_id}/threads", "create_thread_from_message", channels.create_thread_from_message),
        (
            "POST",
            "/interactions/{interaction_id}/{interaction_token}/callback",
            "create_interaction_response",
            answers.respond,
        ),
        ("POST", WEBHOOK, "execute_webhook", answers.follow_up),
        ("GET", WEBHOOK + "/messages/@original", "get_original_webhook_message", answers.get),
        ("PATCH", WEBHOOK + "/messages/@original", "update_original_webhook_message", answers.update),
        ("DELETE", WEBHOOK + "/messages/@original", "delete_original_webhook_message", answers.delete),
        ("GET", WEBHOOK + "/messages/{message_id}", "get_webhook_message", answers.get),
        ("PATCH", WEBHOOK + "/messages/{message_id}", "update_webhook_message", answers.update),
        ("DELETE", WEBHOOK + "/messages/{message_id}", "delete_webhook_message", answers.delete),
        ("GET", GUILD, "get_guild", guilds.get),
        ("GET", GUILD + "/channels", "list_guild_channels", channels.listed),
        ("GET", GUILD + "/threads/active", "get_active_guild_threads", channels.active_threads),
        ("GET", GUILD + "/roles", "list_guild_roles", guilds.roles),
        ("GET", GUILD + "/members/search", "search_guild_members", guilds.search),
        ("GET", GUILD + "/members/{user_id}", "get_guild_member", guilds.member),
    )
]
"""Of two that match, the first is taken."""
OPERATIONS = (*(route.operation for route in ROUTES), "gateway", "cdn")


def add_routes(app: web.Application) -> None:
    for route in ROUTES:
        app.router.add_route(route.method, PREFIX + route.template, _served(route))
    app.router.add_route("*", PREFIX + "/{rest:.*}", _unlisted)
    app.router.add_get("/cdn/{id}/{name}", _file)


def _served(route: Route) -> incoming.Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        arrived = time.perf_counter()
        return await incoming.serve(request, route.operation, lambda: _answer(request, route, arrived))

    return handle


async def _answer(request: web.Request, route: Route, arrived: float) -> web.Response:
    """One call, from its authorization to its answer, which is counted."""
    discord = request.app[STATE]
    place = discord.buckets.enter(route.operation, "/".join(request.match_info.get(name, "") for name in MAJOR))
    code = 0
    try:
        _authorize(request)
        if place.remaining < 0:
            response = incoming.rate_limited(place, "user")
        else:
            answer = route.do(await _call(request, route, arrived))
            response = incoming.plain_json(answer.data, answer.status)
    except ApiError as error:
        incoming.remember(request, error)
        response, code = incoming.refusal(error), error.no.code
    response.headers.update(place.headers())
    discord.answers[f"{route.operation} {response.status}" + (f" {code}" if code else "")] += 1
    return response


def _authorize(request: web.Request) -> None:
    path = request.path.removeprefix(PREFIX)
    token = request.headers.get("Authorization")
    if not path.startswith(BY_TOKEN_IN_PATH) and token != f"Bot {request.app[STATE].token}":
        raise ApiError(UNAUTHORIZED)


async def _call(request: web.Request, route: Route, arrived: float) -> Call:
    """The decoded call, if a correct bot may make it. Raise ApiError."""
    payload, files = await body.read(request)
    judge = spec.load(spec.path_of_document())
    found = judge.problems(route.method, route.template, payload) if judge else []
    checks.check(route.operation, payload, with_files=bool(files), more=found)
    return Call(request.app[STATE], dict(request.match_info), dict(request.query), payload or {}, files, arrived)


async def _unlisted(request: web.Request) -> web.Response:
    """An address that Discord does not have, or that is not played here."""
    path = "/" + request.match_info["rest"]
    judge = spec.load(spec.path_of_document())
    error: ApiError = NotPlayed(f"{request.method} {path}")
    if judge is not None and not judge.knows(request.method, path):
        error = WrongRequest(NOT_FOUND)
    incoming.remember(request, error)
    return incoming.refusal(error)


# ---- files


async def _file(request: web.Request) -> web.StreamResponse:
    return await incoming.serve(request, "cdn", lambda: _send_file(request))


async def _send_file(request: web.Request) -> web.Response:
    """A stored file, by an address that is still good."""
    discord = request.app[STATE]
    file = discord.files.get(request.match_info["id"])
    expires = request.query.get("ex", "")
    good = HEXADECIMAL.fullmatch(expires) and int(expires, 16) > discord.now().timestamp()
    if file is None or file.name != request.match_info["name"] or not good:
        return web.Response(text=GONE, status=404)
    return web.Response(body=file.data, headers={"Content-Type": file.content_type})
