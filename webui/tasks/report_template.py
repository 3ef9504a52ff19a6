"""The form's part about the workbook of somebody's own that a report fills."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from tasks.models import WorkbookTemplate
from webui.database import db
from webui.forms import Form, typed

TEMPLATE, TABLE, OFFERED = "template", "template_table", "template-offered"


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return shown({})


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    chosen = str(kept.get("template") or "")
    table = str(kept.get("template_table") or "")
    return {TEMPLATE: chosen, TABLE: table, OFFERED: _offered(chosen)}


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    chosen = typed(TEMPLATE)
    return {TEMPLATE: chosen, TABLE: typed(TABLE), OFFERED: _offered(chosen)}


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them."""
    chosen = form.text(TEMPLATE)
    return {"template": chosen, "template_table": form.text(TABLE) if chosen else ""}


def _offered(chosen: str) -> list[tuple[str, str]]:
    """Return short name and title of each template, and of the chosen one that is gone."""
    wanted = select(WorkbookTemplate.slug, WorkbookTemplate.title).order_by(WorkbookTemplate.title)
    found = [(slug, title) for slug, title in db.session().execute(wanted)]
    gone = chosen and chosen not in dict(found)
    return [*found, (chosen, chosen)] if gone else found
