"""The gateway: /gateway as a websocket, from HELLO to the close. Source: events/gateway of Discord's documentation."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord import incoming
from sandbox.discord.incoming import STATE
from sandbox.discord.sessions import GUILDS, PRIVILEGED, Session
from sandbox.discord.state import Discord

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 1, 2, 3, 4, 6
RECONNECT, INVALID_SESSION, HELLO, ACK = 7, 9, 10, 11
NOT_ANSWERED = (PRESENCE, VOICE)
UNKNOWN_ERROR, UNKNOWN_OP, UNREADABLE, NOT_IDENTIFIED, WRONG_TOKEN, IDENTIFIED_TWICE = range(4000, 4006)
WRONG_SEQ, WRONG_VERSION, WRONG_INTENTS, DISALLOWED_INTENTS = 4007, 4012, 4013, 4014
SESSION_ENDS = (1000, 1001)  # when the bot closes with one of them, it does not want to resume
ALL_INTENTS = (1 << 26) - 1  # beyond these bits there is none
COMPRESSION = "zlib-stream"  # another one that is asked for is not given: the client takes plain frames too


class Closed(Exception):
    """The connection is to be closed with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Gateway:
    """All connections of the bot."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()

    async def drop(self, code: int = UNKNOWN_ERROR) -> int:
        """Close all connections with a code; how many that were."""
        found = list(self.connections)
        await asyncio.gather(*(one.close(code) for one in found))
        return len(found)

    def abort(self) -> None:
        """Let all connections be gone without a word, as a network is."""
        for one in self.connections:
            one.abort()

    async def send(self, op: int, data: Any) -> int:
        """Send all connections a frame that is no event; how many that were."""
        found = list(self.connections)
        await asyncio.gather(*(one.send(op, data) for one in found))
        return len(found)


GATEWAY = web.AppKey("gateway", Gateway)


def add_routes(app: web.Application) -> None:
    app[GATEWAY] = Gateway()
    for path in ("/gateway", "/gateway/"):
        app.router.add_get(path, _handle)


async def _handle(request: web.Request) -> web.StreamResponse:
    return await incoming.serve(request, "gateway", lambda: _connect(request))


async def _connect(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    connection = Connection(request, socket)
    gateway = request.app[GATEWAY]
    gateway.connections.add(connection)
    try:
        await connection.serve()
    finally:
        gateway.connections.discard(connection)
    return socket


class Connection:
    """One websocket of the bot. Its session is there once it identified itself, or resumed."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse) -> None:
        self._request, self._socket = request, socket
        self._discord: Discord = request.app[STATE]
        self._compressor = zlib.compressobj() if request.query.get("compress") == COMPRESSION else None
        self._sending = asyncio.Lock()
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._session: Session | None = None
        self._sent = 0
        self._closed_here = False  # the bot's client then answers with 1000, whatever it means to do

    # ---- its life

    async def serve(self) -> None:
        """Speak until the socket is closed."""
        async with self._pumping():
            try:
                await self._greet()
                async for message in self._socket:
                    if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                        await self._receive(message.data)
            except Closed as closed:
                await self.close(closed.code, str(closed))

    @contextlib.asynccontextmanager
    async def _pumping(self) -> AsyncIterator[None]:
        pump = asyncio.create_task(self._pump())
        try:
            yield
        finally:
            pump.cancel()
            self._detach()

    async def _pump(self) -> None:
        """Send what is in the session's log and was not sent here, whenever there is more."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            while self._session is not None and self._sent < len(self._session.log):
                self._sent += 1
                await self._send_frame(self._session.log[self._sent - 1])

    def _detach(self) -> None:
        """Serve the session no longer. It ends where the bot said goodbye."""
        if self._session is None or self._session.wake != self._wake:
            return
        self._session.wake = None
        if not self._closed_here and self._socket.close_code in SESSION_ENDS:
            self._discord.sessions.forget(self._session)

    def _wake(self) -> None:
        """There is more to send. From any thread."""
        self._loop.call_soon_threadsafe(self._woken.set)

    async def send(self, op: int, data: Any) -> None:
        await self._send_frame({"op": op, "d": data, "s": None, "t": None})

    async def _send_frame(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            with contextlib.suppress(ConnectionError):  # the bot has gone; serve() will see it
                text = json.dumps(frame)
                if self._compressor is None:
                    await self._socket.send_str(text)
                else:
                    data = self._compressor.compress(text.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                    await self._socket.send_bytes(data)

    async def close(self, code: int, reason: str = "") -> None:
        self._closed_here = True
        await self._socket.close(code=code, message=reason.encode())

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()

    # ---- what the bot says

    async def _greet(self) -> None:
        if self._request.query.get("v") != "10" or self._request.query.get("encoding", "json") != "json":
            raise Closed(WRONG_VERSION, "Invalid API version.")
        await self.send(HELLO, {"heartbeat_interval": int(self._discord.settings.heartbeat_seconds * 1000)})

    async def _receive(self, text: str | bytes) -> None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, TypeError, KeyError):
            raise Closed(UNREADABLE, "Error while decoding payload.") from None
        if op == HEARTBEAT:
            self._discord.requests["heartbeat"] += 1
            if self._discord.settings.heartbeat_acks:
                await self.send(ACK, None)
        elif op in (IDENTIFY, RESUME) and isinstance(data, dict):
            if self._session is not None:
                raise Closed(IDENTIFIED_TWICE, "Already authenticated.")
            self._check_token(data)
            await (self._identify(data) if op == IDENTIFY else self._resume(data))
        elif self._session is None:
            raise Closed(NOT_IDENTIFIED, "Not authenticated.")
        elif op not in NOT_ANSWERED:
            self._discord.refusals.append(f"gateway: opcode {op} is not played")
            raise Closed(UNKNOWN_OP, "Unknown opcode.")

    def _check_token(self, data: dict[str, Any]) -> None:
        if str(data.get("token")).removeprefix("Bot ") != self._discord.token:
            raise Closed(WRONG_TOKEN, "Authentication failed.")

    async def _identify(self, data: dict[str, Any]) -> None:
        self._discord.requests["identify"] += 1
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            raise Closed(WRONG_INTENTS, "Invalid intent(s).")
        allowed = sum(PRIVILEGED[name] for name in self._discord.settings.privileged)
        if intents & sum(PRIVILEGED.values()) & ~allowed:
            raise Closed(DISALLOWED_INTENTS, "Disallowed intent(s).")
        self._attach(self._discord.sessions.begin(intents), 0)
        self._ready()

    def _ready(self) -> None:
        """READY, and then each guild."""
        discord, session = self._discord, self._session
        assert session is not None  # noqa: S101 set by the caller
        session.add(
            "READY",
            {
                "v": 10,
                "user": {**discord.bot.payload(), "verified": True, "mfa_enabled": False, "email": None},
                "guilds": [{"id": one.id, "unavailable": True} for one in discord.guilds.values()],
                "session_id": session.id,
                "resume_gateway_url": f"ws://{self._request.host}/gateway",
                "session_type": "normal",
                "private_channels": [],
                "relationships": [],
                "presences": [],
                "application": {"id": discord.bot.id, "flags": 1 << 23},
            },
        )
        if session.intents & GUILDS:
            for guild in discord.guilds.values():
                session.add("GUILD_CREATE", discord.guild_payload(guild))

    async def _resume(self, data: dict[str, Any]) -> None:
        """Send what was missed, and RESUMED; if the session is not known any more, let the bot identify itself."""
        self._discord.requests["resume"] += 1
        session = self._discord.sessions.known.get(str(data.get("session_id")))
        if session is None:
            return await self.send(INVALID_SESSION, False)
        sent = data.get("seq")
        if not isinstance(sent, int) or not 0 <= sent <= len(session.log):
            raise Closed(WRONG_SEQ, "Invalid seq.")
        session.resumed += 1
        self._attach(session, sent)
        session.add("RESUMED", {"_trace": []})
        return None

    def _attach(self, session: Session, sent: int) -> None:
        """Serve this session from here on; another connection that did loses it."""
        self._session, self._sent = session, sent
        session.wake = self._wake
