"""What is kept of a channel besides its secret, by kind."""

import base64
import binascii
import posixpath
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from tasks.channels.email_settings import EmailSettings
from tasks.channels.errors import Refused
from tasks.channels.names import LONGEST_PATTERN, USUAL_PATTERN, check_pattern
from tasks.errors import Invalid
from tasks.kinds import ChannelKind
from tasks.problems import problems_of
from tasks.settings import settings as installation

Model = TypeVar("Model", bound=BaseModel)


class Existing(StrEnum):
    """What becomes of a file that has the name already."""

    REPLACE = "replace"
    NUMBER = "number"
    REFUSE = "refuse"


class SshLogin(StrEnum):
    """How the server knows us."""

    PASSWORD = "password"  # noqa: S105 (the word, not one)
    KEY = "key"


class Link(StrEnum):
    """Where a message in a room leads."""

    RUN = "run"
    """To the page of the run, for people who may log in."""
    FILES = "files"
    """To the files, for whoever reads the message, for some days."""


class Kept(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Files(Kept):
    """Where files are put, and under which names."""

    name: str = Field(USUAL_PATTERN, min_length=1, max_length=LONGEST_PATTERN)
    existing: Existing = Existing.REPLACE

    @field_validator("name")
    @classmethod
    def _pattern(cls, given: str) -> str:
        return check_pattern(given, field="name")


class FolderSettings(Files):
    """A folder that this server sees."""

    folder: str = Field(min_length=1, max_length=1_000)

    @field_validator("folder")
    @classmethod
    def _allowed(cls, given: str) -> str:
        root_of(given)
        return str(Path(given))


class SftpSettings(Files):
    """A folder of another server, over SSH."""

    host: str = Field(min_length=1, max_length=253)
    port: int = Field(22, ge=1, le=65_535)
    user: str = Field(min_length=1, max_length=100)
    login: SshLogin = SshLogin.PASSWORD
    folder: str = Field(".", min_length=1, max_length=1_000)
    host_key: str = ""
    """Its kind and the key itself in base64; empty until somebody has confirmed it."""

    @field_validator("host", "user", "folder")
    @classmethod
    def _one_line(cls, given: str) -> str:
        if not given.isprintable():
            raise Invalid("This holds a character that cannot be seen. Type it anew.")
        return given.strip()

    @field_validator("folder")
    @classmethod
    def _no_steps_up(cls, given: str) -> str:
        if ".." in given.split("/"):
            raise Invalid("A folder has no “..” in it.", field="folder")
        return posixpath.normpath(given)

    @field_validator("host_key")
    @classmethod
    def _a_key(cls, given: str) -> str:
        kind, _, key = given.partition(" ")
        try:
            whole = base64.b64decode(key, validate=True)
        except binascii.Error:
            whole = b""
        if given and not (kind.isascii() and kind.encode() in whole[: len(kind) + 4]):
            raise Invalid("This is not the key of a server.", field="host_key")
        return given


class WebhookSettings(Kept):
    """A program that is told of each run; its address is a secret."""

    host: str = ""
    """Of its address, for people."""
    files: bool = False
    """Whether the files themselves are sent with it, beside what is told of them."""


class MessageSettings(Kept):
    """A room of Teams or Slack; its address is a secret."""

    host: str = ""
    link: Link = Link.RUN


MODELS: Mapping[ChannelKind, type[BaseModel]] = {
    ChannelKind.EMAIL: EmailSettings,
    ChannelKind.FOLDER: FolderSettings,
    ChannelKind.SFTP: SftpSettings,
    ChannelKind.WEBHOOK: WebhookSettings,
    ChannelKind.TEAMS: MessageSettings,
    ChannelKind.SLACK: MessageSettings,
}


def settings_of(kind: ChannelKind, values: Mapping[str, Any]) -> BaseModel:
    """Return the settings as the model of their kind; raises Invalid, with the field."""
    return _checked(MODELS[kind], values)


def kept_settings(model: type[Model], values: Mapping[str, Any]) -> Model:
    """Return the settings as a row keeps them; raises Refused where they cannot be any more."""
    try:
        return _checked(model, values)
    except Invalid as error:
        raise Refused("The channel cannot be used as it is: {why}", why=error.message) from error


def root_of(folder: str) -> Path:
    """Return which of the allowed folders this one lies in; raises Invalid."""
    roots = installation().all_folder_roots
    if not roots:
        raise Invalid(
            "No folder may be used yet: name those that may in ORCHESTRATOR_FOLDER_ROOTS.",
            field="folder",
        )
    path = Path(folder)
    if not folder.isprintable() or not path.is_absolute() or ".." in path.parts:
        raise Invalid("Write the whole path of a folder, such as /mnt/finance.", field="folder")
    inside = [root for root in roots if path.is_relative_to(root)]
    if not inside:
        raise Invalid(
            "“{folder}” does not lie in one of the folders that ORCHESTRATOR_FOLDER_ROOTS names: "
            "{roots}.",
            field="folder",
            folder=folder[:200],
            roots=", ".join(map(str, roots)),
        )
    return max(inside, key=lambda root: len(root.parts))


def _checked(model: type[Model], values: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        first, *others = problems_of(error)
        first.also = others
        raise first from None
