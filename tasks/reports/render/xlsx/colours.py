"""The rules of colour as conditional formatting, so that they follow what somebody edits."""

from collections.abc import Mapping, Sequence
from datetime import date

from tasks.reports.render.looks import ColourRule, Operator
from tasks.reports.render.rules import Bound, bounds_of
from tasks.reports.render.xlsx.columns import Shown
from tasks.reports.render.xlsx.numbers import DAY_ZERO
from tasks.reports.render.xlsx.styles import Styles
from tasks.reports.render.xlsx.text import xml_text
from tasks.rows import ColumnKind

RULE = (
    '<conditionalFormatting sqref="{area}"><cfRule type="expression" dxfId="{style}"'
    ' priority="{priority}"><formula>{formula}</formula></cfRule></conditionalFormatting>'
)
DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})


def rules_xml(
    rules: Sequence[ColourRule],
    columns: Sequence[Shown],
    rows: tuple[int, int],
    styles: Styles,
    labels: Mapping[int, str],
) -> str:
    """The rules over the first to the last row; one whose column is not there is left out.

    Rows of sums get no colour: in the columns of these numbers their `labels` end so.
    """
    first, last = rows
    if last < first:
        return ""
    by_name = {one.name: one for one in columns}
    no_sum = [
        f"RIGHT(${columns[n].letters}{first},{len(label)})<>{written(label)}"
        for n, label in labels.items()
    ]
    area = f"{columns[0].letters}{{}}:{columns[-1].letters}{{}}"
    return "".join(
        RULE.format(
            area=(area if rule.whole_row else f"{one.letters}{{}}:{one.letters}{{}}").format(*rows),
            style=styles.colour(rule.colour),
            priority=priority,
            formula=xml_text(
                all_of([*no_sum, formula(rule, one.column.kind, f"${one.letters}{first}")])
            ),
        )
        for priority, rule in enumerate(rules, 1)
        if (one := by_name.get(rule.column))
    )


def all_of(conditions: Sequence[str]) -> str:
    return f"AND({','.join(conditions)})" if len(conditions) > 1 else conditions[0]


def formula(rule: ColourRule, kind: ColumnKind, cell: str) -> str:
    """What must be true of the cell; an empty one, or a text, is neither less nor more."""
    if rule.operator is Operator.EMPTY:
        return f"LEN(TRIM({cell}))=0"
    bounds = [written(bound) for bound in bounds_of(rule, kind)]
    if rule.operator is Operator.CONTAINS:
        return f"ISNUMBER(SEARCH({escaped(bounds[0])},{cell}))"
    if isinstance(bounds_of(rule, kind)[0], str | bool):
        return f"{cell}={bounds[0]}"
    number = f"INT({cell})" if kind in DAYS else cell
    return f"AND(ISNUMBER({cell}),{compared(rule.operator, number, bounds)})"


def compared(operator: Operator, number: str, bounds: Sequence[str]) -> str:
    match operator:
        case Operator.LESS:
            return f"{number}<{bounds[0]}"
        case Operator.MORE:
            return f"{number}>{bounds[0]}"
        case Operator.BETWEEN:
            return f"{number}>={bounds[0]},{number}<={bounds[1]}"
        case _:
            return f"{number}={bounds[0]}"


def written(bound: Bound) -> str:
    """The bound as a formula takes it."""
    if bound is None:
        return "TODAY()"
    if isinstance(bound, bool):
        return "TRUE" if bound else "FALSE"
    if isinstance(bound, date):
        return str(bound.toordinal() - DAY_ZERO)
    if isinstance(bound, str):
        return '"' + bound.replace('"', '""') + '"'
    return f"{bound:f}"


def escaped(text: str) -> str:
    """The text without the signs that SEARCH takes for any letters."""
    for sign in "~*?":
        text = text.replace(sign, f"~{sign}")
    return text
