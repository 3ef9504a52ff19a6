"""The controls of a report that tell what is different from the run before."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from tasks.errors import Invalid
from webui.forms import Form, typed

ON = "difference-on"
LISTED = "difference-keys"
IN_MAIL, AS_SHEET = "difference-in_mail", "difference-as_sheet"
NAMES = (ON, LISTED, IN_MAIL, AS_SHEET)


def empty() -> dict[str, Any]:
    """The controls of a report that is compared with nothing."""
    return dict.fromkeys(NAMES, "") | {AS_SHEET: "on"}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    difference = kept.get("difference")
    if not difference:
        return empty()
    return {
        ON: "on",
        LISTED: "\n".join(difference.get("keys", [])),
        IN_MAIL: "on" if difference.get("in_mail") else "",
        AS_SHEET: "on" if difference.get("as_sheet", True) else "",
    }


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    return {name: typed(name) for name in NAMES}


def content(form: Form) -> dict[str, Any]:
    """The setting as the job takes it; raises Invalid where columns are named for nothing."""
    keys = form.lines(LISTED)
    if not form.text(ON):
        if keys:
            raise Invalid(
                "These columns are compared only where you choose to keep the rows. Choose that, "
                "or take the names away.",
                field="difference.keys",
            )
        return {"difference": None}
    return {
        "difference": {
            "keys": keys,
            "in_mail": bool(form.text(IN_MAIL)),
            "as_sheet": bool(form.text(AS_SHEET)),
        }
    }


def words(difference: Mapping[str, Any] | None) -> str:
    """Say in a sentence how runs are compared; empty where they are not."""
    if not difference:
        return ""
    keys = ", ".join(difference.get("keys", []))
    parts = [str(gettext("rows are known again by %(keys)s", keys=keys))]
    if difference.get("as_sheet", True):
        parts.append(str(gettext("on sheets of the workbook")))
    if difference.get("in_mail"):
        parts.append(str(gettext("in the mail")))
    return "; ".join(parts)
