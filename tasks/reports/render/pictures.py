"""Drawings that stand beside the rows of a report, in the files that can show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as PNG, with its title; `text` says in words what it shows."""

    title: str
    png: bytes
    text: str = ""


@runtime_checkable
class HasPictures(Protocol):
    """A renderer whose file can show drawings."""

    def add_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these after the rows; to be called before `close`."""


@runtime_checkable
class HasNotice(Protocol):
    """A renderer that may have to tell its reader something about its file."""

    @property
    def notice(self) -> str:
        """The sentence, in the language of the file; empty where there is nothing to tell."""
