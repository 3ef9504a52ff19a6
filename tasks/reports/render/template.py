"""A workbook of somebody's own that an XLSX file is made from."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Template:
    """The bytes of a workbook, and what its named cells get beside rows and sums."""

    title: str
    """What the workbook itself is called."""
    content: bytes = field(repr=False)
    table: str = ""
    """The table of Excel that gets the rows; empty where the workbook has one place only."""
    at: datetime | None = None
    """The instant that the report is meant for."""
    values: tuple[tuple[str, str], ...] = ()
    """Title and value of each parameter."""
