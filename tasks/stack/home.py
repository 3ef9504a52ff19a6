"""The home folder of a stack: its lock, and `stack.json`, which says how its parts are reached."""

import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from tasks.encryption import new_key
from tasks.errors import Conflict, Invalid
from tasks.stack.ports import LOCAL, free_port, is_free


@dataclass(frozen=True)
class Stack:
    """How the parts are reached; the names are those of the settings."""

    database_url: str
    broker_url: str
    smtp_url: str
    secret_key: str
    encryption_keys: str
    web_url: str
    web_bind: str

    @property
    def broker_port(self) -> int:
        return urlsplit(self.broker_url).port or 0

    @property
    def broker_password(self) -> str:
        return urlsplit(self.broker_url).password or ""

    @property
    def smtp_port(self) -> int:
        return urlsplit(self.smtp_url).port or 0

    @classmethod
    def plan(cls, home: Path, *, web_port: int) -> Self:
        """Keep what the last start chose, as far as it is still free, and choose the rest."""
        kept = _read(home)
        broker = urlsplit(kept.get("broker_url", ""))
        smtp_port = _kept_or_free(urlsplit(kept.get("smtp_url", "")).port)
        broker_port = _kept_or_free(broker.port, taken=smtp_port)
        password = broker.password or secrets.token_urlsafe(24)
        return cls(
            database_url=f"sqlite:///{home / 'orchestrator.sqlite'}",
            broker_url=f"redis://:{password}@{LOCAL}:{broker_port}/0",
            smtp_url=f"smtp://{LOCAL}:{smtp_port}",
            secret_key=kept.get("secret_key") or secrets.token_urlsafe(48),
            encryption_keys=kept.get("encryption_keys") or new_key(),
            web_url=f"http://{LOCAL}:{web_port}",
            web_bind=f"{LOCAL}:{web_port}",
        )

    def write(self, home: Path) -> None:
        """Keep this in `stack.json`, readable by its owner alone."""
        write_private(home / "stack.json", json.dumps(asdict(self), indent=2) + "\n")


def make_home(home: Path) -> None:
    """Make the home folder, for its owner alone; raises Invalid where that cannot be."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Invalid(
            "The home folder {home} cannot be made ({why}). Choose another one with --home.",
            home=home,
            why=error.strerror,
        ) from error


def lock(home: Path) -> int:
    """Hold the home folder for this process; raises Conflict where another `up` holds it.

    The lock goes with the process, however that ends.
    """
    descriptor = os.open(home / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(descriptor, 20).decode() or "unknown"
        os.close(descriptor)
        raise Conflict(
            "It already runs in {home} at {url} (process {pid}). Stop that one first, or choose "
            "another folder with --home.",
            home=home,
            url=_read(home).get("web_url", "an address it is choosing"),
            pid=holder,
        ) from error
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _read(home: Path) -> dict[str, str]:
    """Return what `stack.json` says; nothing where there is none, or where it is damaged."""
    try:
        found = json.loads((home / "stack.json").read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    names = [field.name for field in fields(Stack)]
    return {name: str(found[name]) for name in names if name in found}


def _kept_or_free(port: int | None, *, taken: int | None = None) -> int:
    return port if port and is_free(port) else free_port(besides=taken)
