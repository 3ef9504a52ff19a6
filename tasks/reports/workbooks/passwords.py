"""A password on Excel files: AES by “agile encryption”, as Excel itself does it."""

from collections.abc import Iterable
from pathlib import Path

from tasks.encryption import decrypt
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports.render.layout import Format

FEWEST, MOST = 8, 255
"""Letters; Excel takes no more."""
MOST_MEGABYTES = 50
"""Memory of twice the size of the file is needed to lock it."""
FIELD = "file_password"


def check_password(password: str) -> None:
    """Raise Invalid for a new password that is too short, or that Excel would not take."""
    if not FEWEST <= len(password) <= MOST:
        raise Invalid(
            "A password for files has {fewest} to {most} characters.",
            field=FIELD,
            fewest=FEWEST,
            most=MOST,
        )


def check_formats(formats: Iterable[Format]) -> None:
    """Raise Invalid where a report also makes files that cannot have a password."""
    others = [one.value for one in formats if one is not Format.XLSX]
    if others:
        raise Invalid(
            "Only an Excel file can have a password, and these would lie beside it without one: "
            "{formats}. Take them away, or the password.",
            field=FIELD,
            formats=", ".join(others),
        )


def password_of(kept: str) -> str:
    """Return the password that is kept encrypted; empty for none; raises JobError."""
    try:
        return decrypt(kept) if kept else ""
    except Invalid as error:
        raise JobError(
            error.template, kind=ErrorKind.RENDER, transient=False, **error.values
        ) from error


def lock(path: Path, password: str) -> None:
    """Put the password on a whole Excel file in its place; raises JobError for one too large."""
    if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
        raise JobError(
            "An Excel file of more than {most} MB cannot get a password. Narrow the query, for "
            "example by a parameter, or take the password away.",
            kind=ErrorKind.RENDER,
            most=MOST_MEGABYTES,
        )
    from msoffcrypto.format.ooxml import OOXMLFile

    from tasks.reports.render.renderer import no_space_explained

    locked = path.with_name(f"{path.name}.locked")
    try:
        with no_space_explained(path), path.open("rb") as file, locked.open("wb") as made:
            OOXMLFile(file).encrypt(password, made)
        locked.replace(path)
    finally:
        locked.unlink(missing_ok=True)
