"""The charts of a report: gathered while its rows pass, then drawn for its files and its mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from tasks.jobs.context import JobContext, ReportFile
from tasks.kinds import ArtifactRole
from tasks.reports.charts.drawing import Drawing, draw, title_of
from tasks.reports.charts.settings import ChartSettings
from tasks.reports.charts.taking import MOST_LABELS, Gathering
from tasks.reports.mail.content import Shown
from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.pictures import Picture
from tasks.reports.taking import Taker
from tasks.reports.written import number_written

MEDIA_TYPE = "image/png"
TOO_MUCH = {
    Language.ENGLISH: "The chart “{title}” is left out: the column “{label}” has more than {most} "
    "different values.",
    Language.TURKISH: "“{title}” grafiği çizilmedi: “{label}” sütununda {most} adetten çok "
    "farklı değer var.",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing with its PNG and the name of its file."""

    drawing: Drawing
    png: bytes
    name: str


class Charts:
    """The charts of one result; what has too many labels becomes a sentence instead."""

    def __init__(
        self, charts: Sequence[ChartSettings], context: JobContext, layout: Layout
    ) -> None:
        self._context, self._language = context, layout.language
        self._gathered = [(chart, Gathering(chart, layout)) for chart in charts]

    @property
    def takers(self) -> list[Taker]:
        return [gathering for _, gathering in self._gathered]

    @cached_property
    def drawn(self) -> Sequence[Drawn]:
        """The charts as they are once all rows have passed."""
        if not self._gathered:
            return ()
        from tasks.reports.charts.png import png_of

        drawings = [
            (number, draw(chart, gathering.rows, self._language))
            for number, (chart, gathering) in enumerate(self._gathered, start=1)
            if not gathering.is_too_much
        ]
        return [
            Drawn(drawing, png_of(drawing.svg), self._name(number)) for number, drawing in drawings
        ]

    @property
    def notices(self) -> list[str]:
        """What is not drawn, in the language of the report."""
        most = number_written(MOST_LABELS, self._language)
        return [
            TOO_MUCH[self._language].format(title=title_of(chart), label=chart.label, most=most)
            for chart, gathering in self._gathered
            if gathering.is_too_much
        ]

    @property
    def pictures(self) -> list[Picture]:
        """The charts for the files that can show them."""
        return [Picture(one.drawing.title, one.png, one.drawing.text) for one in self.drawn]

    @property
    def in_mail(self) -> list[Shown]:
        """The charts as a mail shows them."""
        return [
            Shown(
                one.name,
                one.drawing.title,
                one.drawing.text,
                one.drawing.width,
                one.drawing.height,
            )
            for one in self.drawn
        ]

    def files(self) -> list[ReportFile]:
        """Write each chart as a file of its own, for the mail and for the page of the run."""
        return [self._file(one) for one in self.drawn]

    def _file(self, one: Drawn) -> ReportFile:
        path = self._context.folder / one.name
        path.write_bytes(one.png)
        return ReportFile(path, MEDIA_TYPE, role=ArtifactRole.PICTURE)

    def _name(self, number: int) -> str:
        """The name of a chart's file: by its number in the task, which tells its title again."""
        context = self._context
        return f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}-chart-{number}.png"
