"""What the mail of a report tells of its rows beside its files: figures, first rows, charts."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.jobs.context import JobContext, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_charts import Charts
from tasks.jobs.report_files import FilesOfReport
from tasks.reports.figures import Figures
from tasks.reports.first_rows import FirstRows
from tasks.reports.mail.content import More
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker
from tasks.reports.tally import Tally


class Told:
    """What is gathered while the rows pass; `takers` take them."""

    def __init__(self, context: JobContext, settings: ReportSettings, asked: Asked) -> None:
        self._tally, self._first = Tally(), FirstRows(settings.mail.rows)
        self._charts = Charts(settings.charts, context, asked.layout)
        self.takers: Sequence[Taker] = (self._tally, self._first, *self._charts.takers)

    @property
    def rows(self) -> int:
        """How many rows the first query gave."""
        return self._tally.rows

    @property
    def figures(self) -> Figures:
        return self._tally.figures

    def show_in(self, files: FilesOfReport) -> None:
        """Show the charts in the files that can show them; to be called before `finish`."""
        if pictures := self._charts.pictures:
            files.add_pictures(pictures)

    def pictures(self) -> list[ReportFile]:
        """Write the charts as files of their own."""
        return self._charts.files()

    def more(self, compared: More, files: Sequence[ReportFile]) -> More:
        """What the formatted mail shows, beside what the comparison has to tell."""
        notices = dict.fromkeys(file.notice for file in files if file.notice)
        return replace(
            compared,
            sample=self._first.sample,
            pictures=self._charts.in_mail,
            notices=[*self._charts.notices, *notices],
        )
