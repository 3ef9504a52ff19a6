"""The folder of caught mails: one file each, whole or not there."""

import os
import secrets
from pathlib import Path

from tasks.clock import utcnow


def keep(folder: Path, content: bytes) -> Path:
    """Write one mail in one step; return its file."""
    path = folder / f"{utcnow():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}.eml"
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return path


def find_mail(folder: Path, message_id: str) -> Path | None:
    """Return the caught mail with this Message-ID, the oldest one, if there is any."""
    wanted = message_id.strip("<>").encode()
    for path in sorted(folder.glob("*.eml")):
        with path.open("rb") as file:
            if wanted in file.read(16_384):
                return path
    return None
