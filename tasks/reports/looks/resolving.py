"""From what a task says about looks to how its tables look, and whether its columns are there."""

from collections.abc import Mapping, Sequence

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports.about import MEANT_FOR, SOURCE, TITLE, Pair
from tasks.reports.looks.settings import ColumnSettings, Line, Looks, Shown
from tasks.reports.render.codes import CLOCK, DAYS, WHOLE
from tasks.reports.render.layout import Language
from tasks.reports.render.looks import ColumnLook, TableLooks
from tasks.reports.render.rules import bounds_of
from tasks.rows import Column

MOST_LINES, LONGEST_LINE = 12, 150
"""What stands above the rows stays there while they are scrolled; the rest is told elsewhere."""
PLACES = {Line.MEANT_FOR: MEANT_FOR, Line.SOURCE: SOURCE}
SHARES = {Shown.PERCENT, Shown.B1_PERCENT, Shown.B1_RATE, Shown.B1_PRICE}
CODES = {Shown.AMOUNT: f"{WHOLE}.00", Shown.WHOLE: WHOLE, Shown.PERCENT: "0.00%"}


def table_looks(
    looks: Looks,
    language: Language,
    *,
    head: Sequence[Pair],
    values: Sequence[Pair],
    business_one: Mapping[str, Mapping[Shown, str]],
) -> TableLooks:
    """Return the looks; `head` is what `about` tells, `values` are the parameters.

    `business_one` has the formats of each company that is read; those of the first one hold for
    what is of no company alone.
    """
    in_companies = {
        company: {one.name: _column(one, language, formats) for one in looks.columns}
        for company, formats in business_one.items()
    }
    usual = {one.name: _column(one, language, {}) for one in looks.columns}
    return TableLooks(
        above=tuple(_above(looks.above, head, values)),
        columns=next(iter(in_companies.values()), usual),
        in_companies=in_companies,
        groups=tuple(looks.groups),
        rules=tuple(rule.rule() for rule in looks.rules),
    )


def check_looks(looks: TableLooks, columns: Sequence[Column]) -> None:
    """Raise JobError where a column that is named is not there, or does not fit its rule."""
    known = {column.name: column for column in columns}
    named = (*looks.columns, *looks.groups, *(rule.column for rule in looks.rules))
    for name in named:
        if name not in known:
            raise JobError(
                "There is no column “{name}” whose looks could be changed. The query gives: "
                "{known}. Correct the looks in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(known),
            )
    for rule in looks.rules:
        kind = looks.shown(known[rule.column]).kind
        try:
            bounds_of(rule, kind)
        except Invalid as error:
            raise JobError(
                error.template, kind=ErrorKind.SQL, transient=False, **error.values
            ) from error


def _above(lines: Sequence[Line], head: Sequence[Pair], values: Sequence[Pair]) -> list[str]:
    """The title first, wherever there is a line at all."""
    if not lines:
        return []
    told = [head[PLACES[line]] for line in (Line.MEANT_FOR, Line.SOURCE) if line in lines]
    told += values if Line.PARAMETERS in lines else []
    texts = [head[TITLE][1], *(f"{label}: {value}" for label, value in told)]
    return [_short(text) for text in texts[:MOST_LINES]]


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_LINE else one_line[: LONGEST_LINE - 1] + "…"


def _column(
    one: ColumnSettings, language: Language, business_one: Mapping[Shown, str]
) -> ColumnLook:
    days = {Shown.DATE: DAYS[language], Shown.MOMENT: f"{DAYS[language]} {CLOCK}"}
    codes = {**CODES, **days, **business_one, Shown.CODE: one.code}
    return ColumnLook(
        title=one.title,
        code=codes.get(one.shown, ""),
        width=one.width,
        as_text=one.shown is Shown.TEXT,
        is_share=one.shown in SHARES or one.code.endswith("%"),
    )
