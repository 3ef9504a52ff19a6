"""A template tried out with made-up figures when it is saved, so that a run need not find out."""

from dataclasses import replace
from datetime import UTC, datetime
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
    day = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    figures = AnyColumn(rows=1_234)
    words = Words(title="…", meant_for=day, figures=figures, rows=1_234)
    for before in (Before(figures, day), None):
        template.filled(replace(words, before=before).known(Language.ENGLISH))
