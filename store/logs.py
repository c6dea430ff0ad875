"""How both processes log: a constant event and fields, made to be read on a terminal, or as JSON by a journal.

A module asks structlog for its logger, and names what happened and its fields: log.info("transcribed", wall=21.2).
What all lines of a piece of work have in common, as the video's id, is bound once, around it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Any

from store import secrets

if TYPE_CHECKING:
    from structlog.typing import Processor

OURS = ("daemon", "store", "bot")  # of libraries we hear what is wrong, and no more


class Form(StrEnum):
    """How a line looks. auto: text on a terminal, JSON in a service or a file."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


def set_up(form: Form = Form.AUTO, level: int = logging.INFO, stream: IO[str] | None = None) -> None:
    """Log what is of `level` or above to `stream`, else to standard output; of libraries, warnings and above."""
    import structlog  # late: a command's help is quicker without it

    stream = stream or sys.stdout
    as_json = form is Form.JSON or (form is Form.AUTO and not stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso" if as_json else "%H:%M:%S", utc=as_json),
    ]
    last: list[Processor] = (
        [structlog.processors.format_exc_info, _masked(_json())] if as_json else [_masked(_text(stream.isatty()))]
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def _json() -> Processor:
    import structlog

    render = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)

    def in_order(logger: Any, method: str, event: MutableMapping[str, Any]) -> Any:
        first = {name: event.pop(name) for name in ("timestamp", "level", "event") if name in event}
        return render(logger, method, {**first, **event})

    return in_order


def _text(colours: bool) -> Processor:
    import structlog

    return structlog.dev.ConsoleRenderer(
        colors=colours, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
    )


def _masked(render: Processor) -> Processor:
    """The renderer's line without secrets, whoever put them there."""
    return lambda logger, method, event: secrets.masked(str(render(logger, method, event)))
