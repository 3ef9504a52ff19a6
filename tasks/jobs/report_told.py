"""What the mail of a report tells of its rows beside its files: figures, first rows, charts."""

from collections.abc import Sequence

from tasks.reports.figures import Figures
from tasks.reports.first_rows import FirstRows
from tasks.reports.mail.content import More
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker
from tasks.reports.tally import Tally


class Told:
    """What is gathered while the rows pass; `takers` take them."""

    def __init__(self, settings: ReportSettings) -> None:
        self._tally, self._first = Tally(), FirstRows(settings.mail.rows)
        self.takers: Sequence[Taker] = (self._tally, self._first)

    @property
    def figures(self) -> Figures:
        return self._tally.figures

    def more(self) -> More:
        """What the formatted mail shows."""
        return More(sample=self._first.sample)
