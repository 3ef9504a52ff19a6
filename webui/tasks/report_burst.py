"""The controls of a report that give each recipient its own rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from tasks.errors import Invalid
from tasks.reports.bursting.presets import QUERIES, AddressPreset
from tasks.reports.bursting.settings import AddressFrom
from webui.forms import Form, typed

FROM = "burst-address_from"
PRESET = "burst-preset"
QUERY = "burst-query"
WHOLE = "burst-with_whole"
TEXTS = ("burst-column", FROM, "burst-address_column", "burst-lines", QUERY, "burst-catch_all")

WAYS = {
    "": lazy_gettext("Nobody: all get the whole report"),
    AddressFrom.COLUMN.value: lazy_gettext("A column of the result"),
    AddressFrom.LINES.value: lazy_gettext("The list below"),
    AddressFrom.QUERY.value: lazy_gettext("A query of the same source"),
}
PRESETS = {
    "": lazy_gettext("as written below"),
    AddressPreset.SALES_PERSON.value: lazy_gettext("Business One: sales people by number"),
    AddressPreset.SALES_PERSON_NAME.value: lazy_gettext("Business One: sales people by name"),
    AddressPreset.CONTACT.value: lazy_gettext("Business One: contacts of business partners"),
}


def empty() -> dict[str, Any]:
    """The controls of a report that is not split."""
    return dict.fromkeys((*TEXTS, PRESET), "") | {WHOLE: "on"}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    burst = kept.get("burst")
    if not burst:
        return empty()
    return empty() | {
        "burst-column": burst.get("column", ""),
        FROM: burst.get("address_from", AddressFrom.COLUMN.value),
        "burst-address_column": burst.get("address_column", ""),
        "burst-lines": "\n".join(burst.get("lines", [])),
        QUERY: burst.get("query", ""),
        "burst-catch_all": "\n".join(burst.get("catch_all", [])),
        WHOLE: "on" if burst.get("with_whole", True) else "",
    }


def sent() -> dict[str, Any]:
    """The controls as they were sent; a ready query takes the place of what was written."""
    values = {name: typed(name) for name in (*TEXTS, PRESET, WHOLE)}
    if values[PRESET] in set(AddressPreset):
        values |= {QUERY: QUERIES[AddressPreset(values[PRESET])], PRESET: ""}
    return values


def content(form: Form) -> dict[str, Any]:
    """The setting as the job takes it; raises Invalid where nobody would get what was typed."""
    if not form.text(FROM):
        _check_nothing_lost(form)
        return {"burst": None}
    return {
        "burst": {
            "column": form.text("burst-column"),
            "address_from": form.text(FROM),
            "address_column": form.text("burst-address_column"),
            "lines": form.lines("burst-lines"),
            "query": form.values[QUERY] if form.text(QUERY) else "",
            "catch_all": form.lines("burst-catch_all"),
            "with_whole": bool(form.values.get(WHOLE)),
        }
    }


def words(burst: Mapping[str, Any]) -> Sequence[str]:
    """Say a kept setting line by line, for who compares versions."""
    way = WAYS.get(burst.get("address_from", AddressFrom.COLUMN.value), "")
    lines = [
        f"{gettext('Split by the column')}: {burst['column']}",
        f"{gettext('Where the addresses stand')}: {way}",
        *([burst["address_column"]] if burst.get("address_column") else []),
        *burst.get("lines", []),
        *str(burst.get("query", "")).splitlines(),
    ]
    caught = ", ".join(burst.get("catch_all", [])) or gettext("nobody")
    whole = gettext("yes") if burst.get("with_whole", True) else gettext("no")
    return [
        *lines,
        f"{gettext('Rows without an address go to')}: {caught}",
        f"{gettext('The recipients of the task get all rows')}: {whole}",
    ]


def _check_nothing_lost(form: Form) -> None:
    if any(form.text(name) for name in TEXTS):
        raise Invalid(
            "Say where the address of each part is found, or take away what is typed for “Each "
            "recipient its own rows”.",
            field="burst.address_from",
        )
