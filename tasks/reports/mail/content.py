"""What stands in the formatted form of a mail, before it is put into HTML."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.reports.figures import Figures
from tasks.reports.first_rows import Sample
from tasks.reports.mail.words import Before
from tasks.reports.render.layout import Language
from tasks.reports.written import number_written, scaled


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the mail: the name of its file, and in words what it shows."""

    name: str
    title: str
    text: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class More:
    """What a letter tells beside its words; a part of a report tells nothing of the other parts."""

    sample: Sample | None = None
    pictures: Sequence[Shown] = ()
    notices: Sequence[str] = ()
    before: Before | None = None
    difference: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A sum in large letters; `change` compares it with the run before, where there was one."""

    label: str
    value: str
    change: str = ""


CHANGES = {
    Language.ENGLISH: "{change} against {day}",
    Language.TURKISH: "{day} tarihine göre {change}",
}


def key_figures(
    names: Sequence[str], figures: Figures, before: Before | None, language: Language
) -> list[KeyFigure]:
    """Return the sums of these columns; raises JobError where one is not there or no number."""
    return [_key_figure(name, figures, before, language) for name in names]


def _key_figure(
    name: str, figures: Figures, before: Before | None, language: Language
) -> KeyFigure:
    total, scale = figures.total(name), figures.scale(name)
    value = number_written(scaled(total, scale), language)
    then = before.figures.columns.get(name) if before else None
    if before is None or then is None or then.total is None:
        return KeyFigure(name, value)
    change = scaled(total - then.total, scale)
    sign = "+" if change > 0 else ""
    day = before.meant_for
    words = CHANGES[language].format(
        change=sign + number_written(change, language),
        day=f"{day:%d.%m.%Y}" if language is Language.TURKISH else f"{day:%Y-%m-%d}",
    )
    return KeyFigure(name, value, words)
