"""What the words of a mail stand for in one letter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tasks.reports.figures import Extreme, Figures
from tasks.reports.mail.unknown import UNKNOWN, Unknown
from tasks.reports.render.layout import Language
from tasks.reports.written import moment_written, scaled

HUNDRED = 100

Value = str | int | Extreme | Unknown


@dataclass(frozen=True, slots=True)
class Before:
    """The figures of the last delivered run, and the instant that it was meant for."""

    figures: Figures
    meant_for: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one letter; `figures` are those of the rows that its files hold."""

    title: str
    meant_for: datetime
    """In the zone of the schedule."""
    figures: Figures = field(default_factory=Figures)
    rows: int = 0
    files: str = ""
    parameters: str = ""
    part: str = ""
    recipient: str = ""
    link: str = ""
    difference: str = ""
    before: Before | None = None

    def old(self) -> dict[str, str]:
        """The words of a text with single braces."""
        return {
            "title": self.title,
            "date": f"{self.meant_for:%d.%m.%Y}",
            "time": f"{self.meant_for:%H:%M}",
            "rows": str(self.rows),
            "files": self.files,
            "parameters": self.parameters,
        }

    def known(self, language: Language) -> dict[str, object]:
        """The words and functions of a text with double braces."""
        plain = {
            name: getattr(self, name)
            for name in ("title", "rows", "files", "parameters", "part", "recipient")
        }
        return plain | {
            "link": self.link,
            "difference": self.difference,
            "date": moment_written(self.meant_for.date(), language),
            "time": moment_written(self.meant_for.timetz(), language),
            "change": self.change,
            "change_percent": self.change_percent,
            "before": _Told(self.before, language),
            **_functions(self.figures),
        }

    def change(self, name: str) -> Decimal | Unknown:
        """How much the sum of the column is more than in the last delivered run."""
        now, then = self.figures.total(name), _total_before(self.before, name)
        return UNKNOWN if then is None else scaled(now - then, self.figures.scale(name))

    def change_percent(self, name: str) -> Decimal | Unknown:
        """The change in percent of the sum before, to one decimal."""
        now, then = self.figures.total(name), _total_before(self.before, name)
        if not then:
            return UNKNOWN
        return ((now - then) * HUNDRED / abs(then)).quantize(Decimal("0.1"))


class _Told:
    """The word `before`: the figures of the last delivered run; false where there is none."""

    def __init__(self, before: Before | None, language: Language) -> None:
        self._is_there = before is not None
        self.rows: Value = before.figures.rows if before else UNKNOWN
        self.date: Value = moment_written(before.meant_for.date(), language) if before else UNKNOWN
        figures = _functions(before.figures if before else None)
        self.total, self.least = figures["total"], figures["least"]
        self.largest, self.count = figures["largest"], figures["count"]

    def __bool__(self) -> bool:
        return self._is_there


def _functions(figures: Figures | None) -> Mapping[str, Callable[[str], Value]]:
    """The functions of a column; without figures they know nothing."""
    if figures is None:
        return dict.fromkeys(("total", "least", "largest", "count"), lambda _name: UNKNOWN)
    return {
        "total": lambda name: scaled(figures.total(name), figures.scale(name)),
        "least": lambda name: _extreme(figures.least(name), figures.scale(name)),
        "largest": lambda name: _extreme(figures.largest(name), figures.scale(name)),
        "count": figures.count,
    }


def _extreme(value: Extreme | None, scale: int | None) -> Value:
    if value is None:
        return UNKNOWN
    return scaled(value, scale) if isinstance(value, Decimal) else value


def _total_before(before: Before | None, name: str) -> Decimal | None:
    """The sum of then; None where the column was not there, or was no number, yet."""
    column = before.figures.columns.get(name) if before else None
    return column.total if column else None
