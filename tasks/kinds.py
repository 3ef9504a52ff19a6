"""Kinds that jobs and tables both speak of; here, so that a job loads no tables to name one."""

from enum import StrEnum


class ArtifactRole(StrEnum):
    """What a file is for."""

    FILE = "file"
    """People get it and download it."""
    PICTURE = "picture"
    """A chart, shown in a mail's text and on the page of the run."""
    ROWS = "rows"
    """The rows as they were read, kept to be compared with those of another run."""


class ChannelKind(StrEnum):
    """A way on which files reach people."""

    EMAIL = "email"
    FOLDER = "folder"
    SFTP = "sftp"
    WEBHOOK = "webhook"
    TEAMS = "teams"
    SLACK = "slack"
