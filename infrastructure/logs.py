"""Structured logs as JSON lines: only listed keys and short values, so that no person slips in."""

import logging
import os
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import structlog
from opentelemetry import trace

# What may be logged: ids, codes, counts and instants. A new key is added here, and seen in review.
ALLOWED_KEYS = frozenset(
    """
    event level timestamp service logger trace_id span_id request_id
    method route status duration_ms address port url_host
    case_ref event_id event_type deadline_id subject_type subject_id step moment state sequence
    topic partition offset lag key code because field error where exception frames
    workflow_id workflow_type activity attempt attempts task task_queue signal_name
    action table count unsent rows seconds delay_seconds environment version pack port_in_use
    dependency check names pid exit_code dropped
    """.split()  # noqa: SIM905  a table is read more easily than a list of 60 strings
)
_LONGEST_VALUE = 300
_DEEPEST = 12

Entry = MutableMapping[str, Any]


def configure_logs(service: str, level: str) -> None:
    """Our own lines, and those of the libraries in the same form, on stderr."""
    _configure_own_lines(service, level)
    handler = _StderrHandler()
    handler.setFormatter(_LibraryFormatter(_steps(service)))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(logging.getLevelName(level.upper()), logging.INFO))
    for chatty in ("httpx2", "httpcore2", "uvicorn.access", "uvicorn.error", "aiokafka"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _configure_own_lines(service: str, level: str) -> None:
    structlog.configure(
        processors=[*_steps(service), structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level.upper()),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


def _steps(service: str) -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _join_trace,
        _name_service(service),
        _name_exception,
        keep_listed,
    ]


def _to_stderr(*_: object) -> structlog.WriteLogger:
    """Whatever stderr is at that moment."""
    return structlog.WriteLogger(sys.stderr)


def keep_listed(_: object, __: str, entry: Entry) -> Entry:
    """Drops every key that is not listed, and says which; shortens what is left."""
    dropped = sorted(str(key)[:40] for key in entry if key not in ALLOWED_KEYS)
    kept = {key: _short(value) for key, value in entry.items() if key in ALLOWED_KEYS}
    if dropped:
        kept["dropped"] = dropped
    return kept


def frames_of(error: BaseException) -> list[str]:
    """Where it happened, innermost last, without the values that a traceback would print."""
    found = traceback.extract_tb(error.__traceback__)[-_DEEPEST:]
    return [f"{os.path.relpath(each.filename)}:{each.lineno} {each.name}" for each in found]


def _short(value: object) -> object:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, UUID | date):
        return str(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_short(each) for each in list(value)[:30]]
    if isinstance(value, str):
        return value.split("\n", 1)[0][:_LONGEST_VALUE]
    return value if isinstance(value, bool | int | float | None) else type(value).__name__


def _join_trace(_: object, __: str, entry: Entry) -> Entry:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        entry["trace_id"] = format(context.trace_id, "032x")
        entry["span_id"] = format(context.span_id, "016x")
    return entry


def _name_service(service: str) -> structlog.typing.Processor:
    def add(_: object, __: str, entry: Entry) -> Entry:
        entry["service"] = service
        return entry

    return add


def _name_exception(_: object, __: str, entry: Entry) -> Entry:
    """`exc_info` becomes the exception's type and its frames: messages may quote people."""
    found = entry.pop("exc_info", None)
    error = sys.exc_info()[1] if found is True else found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        entry["exception"] = type(error).__qualname__
        entry["frames"] = frames_of(error)
    return entry


class _StderrHandler(logging.Handler):
    """Writes to whatever stderr is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        # A line that cannot be written must stop nothing; logging itself would print its arguments.
        with suppress(Exception):
            sys.stderr.write(self.format(record) + "\n")


class _LibraryFormatter(logging.Formatter):
    """A library's line in our form: its sentence with plain arguments, exceptions by type only."""

    def __init__(self, processors: list[structlog.typing.Processor]) -> None:
        super().__init__()
        self._processors = processors

    def format(self, record: logging.LogRecord) -> str:
        entry: Any = {"event": _sentence(record), "logger": record.name}
        if record.exc_info:
            entry["exc_info"] = record.exc_info
        for processor in self._processors:
            entry = processor(None, record.levelname.lower(), entry)
        return str(structlog.processors.JSONRenderer()(None, "", entry))


def _sentence(record: logging.LogRecord) -> str:
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(
            type(each).__name__ if isinstance(each, BaseException) else each for each in arguments
        )
    try:
        return str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


# Structlog's own default prints the locals of every frame. A process that configures nothing must not.
_configure_own_lines("", "info")
