"""The form's part about the charts of a report; its rows are added and removed by buttons."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext

from tasks.reports.charts.settings import Aggregate, ChartKind
from webui.forms import Form, typed

_CONTROL = re.compile(r"charts-(\d{1,2})-kind")
PARTS = ("kind", "title", "label", "values", "aggregate", "top")

KINDS = {
    ChartKind.BAR.value: lazy_gettext("Bars"),
    ChartKind.STACKED.value: lazy_gettext("Stacked bars"),
    ChartKind.LINE.value: lazy_gettext("Lines"),
}
AGGREGATES = {
    Aggregate.SUM.value: lazy_gettext("are added up"),
    Aggregate.LAST.value: lazy_gettext("count by the last of them"),
}
NEW = {"kind": ChartKind.BAR.value, "aggregate": Aggregate.SUM.value, "top": "10"}


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet: no chart."""
    return {}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    values: dict[str, Any] = {}
    for chart in kept.get("charts") or ():
        names, top = "\n".join(chart.get("values", [])), chart.get("top")
        add(values, NEW | chart | {"values": names, "top": "" if top is None else str(top)})
    return values


def sent() -> dict[str, Any]:
    """The controls as they were sent; the rows are numbered anew, without gaps."""
    values: dict[str, Any] = {}
    for number in sorted({int(m[1]) for key in request.form if (m := _CONTROL.fullmatch(key))}):
        add(values, {part: typed(f"charts-{number}-{part}") for part in PARTS})
    return values


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them, by name."""
    return {"charts": [_chart(form, number) for number in range(count(form.values))]}


def count(values: Mapping[str, Any]) -> int:
    """How many charts the form shows."""
    return sum(1 for name in values if _CONTROL.fullmatch(name))


def add(values: dict[str, Any], chart: Mapping[str, Any] = NEW) -> None:
    """Add a row at the end, as a new chart unless one is given."""
    number = count(values)
    values |= {f"charts-{number}-{part}": str(chart.get(part, "")) for part in PARTS}


def remove(values: dict[str, Any], number: int) -> None:
    """Remove a row; those below move up."""
    rows = [
        {part: values.pop(f"charts-{n}-{part}") for part in PARTS} for n in range(count(values))
    ]
    for n, row in enumerate(rows):
        if n != number:
            add(values, row)


def words(charts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say each kept chart in a line, for its task's page and for who compares versions."""
    return [_words(chart) for chart in charts]


def _words(chart: Mapping[str, Any]) -> str:
    kind = str(KINDS.get(chart.get("kind", ChartKind.BAR.value), ""))
    columns = ", ".join(chart.get("values", []))
    said = gettext(
        "%(kind)s: %(columns)s by %(label)s",
        kind=kind,
        columns=columns,
        label=chart.get("label", ""),
    )
    top = chart.get("top")
    limited = gettext("the largest %(top)s", top=top) if top else ""
    return ", ".join(filter(None, [chart.get("title", ""), said, limited]))


def _chart(form: Form, number: int) -> dict[str, Any]:
    row = f"charts-{number}-"
    given = {part: form.text(row + part) for part in PARTS}
    top = form.whole(f"{row}top", field=f"charts.{number}.top") or None
    return given | {"values": form.lines(row + "values"), "top": top}
