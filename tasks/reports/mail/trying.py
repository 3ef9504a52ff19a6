"""A template tried out with made-up figures, so that its author sees it, and no run has to fail."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tasks.reports.figures import Extreme, Figures
from tasks.reports.mail.template import compiled
from tasks.reports.mail.words import Before, Words
from tasks.reports.render.layout import Language


class AnyColumn(Figures):
    """Figures of columns of any name, as long as nobody knows the real ones."""

    def total(self, name: str) -> Decimal:  # noqa: ARG002
        return Decimal("1234.50")

    def least(self, name: str) -> Extreme:
        return self.total(name)

    def largest(self, name: str) -> Extreme:
        return self.total(name)

    def count(self, name: str) -> int:  # noqa: ARG002
        return self.rows

    def scale(self, name: str) -> int:  # noqa: ARG002
        return 2


def try_out(text: str, *, field: str) -> None:
    """Raise Invalid where the template is none, or does what cannot be done with any figures."""
    template = compiled(text, language=Language.ENGLISH, field=field)
    words = made_up("…", datetime(2026, 1, 31, 9, 30, tzinfo=UTC))
    for before in (words.before, None):
        template.filled(replace(words, before=before).known(Language.ENGLISH))


def made_up(title: str, now: datetime) -> Words:
    """Return words as a run at this instant might have them."""
    figures = AnyColumn(rows=1_234)
    return Words(
        title=title,
        meant_for=now,
        figures=figures,
        rows=figures.rows,
        files="report.xlsx",
        parameters="…",
        part="…",
        recipient="ayse@example.com",
        link="https://…/runs/7",
        difference="…",
        before=Before(figures, now - timedelta(days=1)),
    )
