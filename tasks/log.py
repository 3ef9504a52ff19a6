"""The logs: four files of the home folder, and the terminal.

`taskorchestrator.log` holds the product's own events, from every process; `celery.log`,
`celerybeat.log` and `web.log` hold what the libraries of the worker, of beat and of the web say.
"""

import logging
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from concurrent_log_handler import ConcurrentRotatingFileHandler

from tasks.settings import Settings, settings

PRODUCT = "taskorchestrator"
FILES = ("celery", "celerybeat", PRODUCT, "web")

LINE_LENGTH = 8_000
"""Characters; what is longer loses its middle, so that no line makes a file much larger."""
FILE_BYTES = 1_000_000 - 4 * LINE_LENGTH
OLDER_FILES = 5

QUIET = (
    "asyncio",
    "mail.log",
    "alembic.runtime.plugins",
    "celery.worker.strategy",  # a line before each job would hold the job up
    "celery.app.trace",
    "celery.pool",  # it would show what a message holds
)
"""Loggers that tell each step of theirs; only their warnings are of use."""

STANDARD_FIELDS = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
SECRET_NAME = re.compile(r"passw|secret|token|credential|authorization|cookie|api_?key", re.I)
URL_PASSWORD = re.compile(r"(\w://[^\s/:@]*):[^\s/@]+@")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
MASK = "***"


def configure(name: str, *, stream: bool = True) -> None:
    """Send this process's log to `logs/<name>.log`, the product's events to `taskorchestrator.log`.

    With `stream` also to the standard error. The first call of a process counts: Celery calls
    again, when the command has already said which part of the product this process is.
    """
    if name not in FILES:
        raise ValueError(f"{name} is none of the logs: {', '.join(FILES)}")
    root = logging.getLogger()
    if any(isinstance(handler, ConcurrentRotatingFileHandler) for handler in root.handlers):
        return
    current = settings()
    secrets = known_secrets(current)
    handlers = [
        _file_handler(current.logs_dir, file, LineFormatter(current.zone, secrets))
        for file in dict.fromkeys((name, PRODUCT))
    ]
    if name != PRODUCT:
        handlers[0].addFilter(lambda record: not is_product(record))
        handlers[1].addFilter(is_product)
    if stream:
        handlers.append(logging.StreamHandler(sys.stderr))
        handlers[-1].setFormatter(LineFormatter(current.zone, secrets, brief=True))
    root.handlers[:] = handlers
    root.setLevel(current.log_level)
    for quiet in QUIET:
        logging.getLogger(quiet).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def is_product(record: logging.LogRecord) -> bool:
    """Whether the record is an event of ours, and not a library's."""
    return record.name.partition(".")[0] in ("tasks", "webui")


class LineFormatter(logging.Formatter):
    """One record as `instant LEVEL logger[pid] message key=value …`, without secrets.

    Continuation lines are indented, so that nothing inside a message looks like a record.
    """

    def __init__(self, zone: ZoneInfo, secrets: Iterable[str] = (), *, brief: bool = False) -> None:
        super().__init__()
        self.zone = zone
        self.secrets = tuple(secrets)
        self.brief = brief

    def format(self, record: logging.LogRecord) -> str:
        text = " ".join([self._head(record), record.getMessage(), *_fields(record)])
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            text += "\n" + record.exc_text
        return self._clean(text)

    def _head(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, self.zone)
        if self.brief:
            return f"{at:%H:%M:%S} {record.levelname}"
        when = at.isoformat(timespec="milliseconds")
        return f"{when} {record.levelname} {record.name}[{record.process}]"

    def _clean(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        text = URL_PASSWORD.sub(rf"\1:{MASK}@", text)
        text = CONTROL.sub("?", text).rstrip("\n").replace("\n", "\n    ")
        if len(text) > LINE_LENGTH:
            text = f"{text[: LINE_LENGTH // 4]} … {text[-LINE_LENGTH // 2 :]}"
        return text


def _fields(record: logging.LogRecord) -> Iterable[str]:
    """Yield the `extra` fields; a library's are left out, since they may hold anything."""
    if is_product(record) or record.name == "gunicorn.access":
        for name, value in vars(record).items():
            if name not in STANDARD_FIELDS:
                yield f"{name}={MASK if SECRET_NAME.search(name) else _shown(value)}"


def _shown(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[^\s\"'=]+", text) else repr(text)


def _file_handler(folder: Path, name: str, formatter: logging.Formatter) -> logging.Handler:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = ConcurrentRotatingFileHandler(
        folder / f"{name}.log", maxBytes=FILE_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
    )
    handler.setFormatter(formatter)
    return handler


def known_secrets(current: Settings) -> list[str]:
    """Return every secret of the settings that a line must not show, the longest first."""
    urls = (current.database_url, current.broker_url, current.smtp_url.get_secret_value())
    passwords = [urlsplit(url).password or "" for url in urls]
    keys = (
        current.secret_key,
        current.metrics_token,
        current.trigger_token,
        current.artifacts_key,
        current.artifacts_secret,
    )
    found = {
        *(key.get_secret_value() for key in keys),
        *current.all_encryption_keys,
        *passwords,
        *map(unquote, passwords),
    }
    return sorted((secret for secret in found if len(secret) >= 6), key=len, reverse=True)
