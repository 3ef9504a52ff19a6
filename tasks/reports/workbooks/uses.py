"""What goes together with a template in the settings of a report."""

from collections.abc import Mapping
from typing import Any

from tasks.errors import Invalid
from tasks.reports.render.layout import Format


def check_use(template: str, settings: Mapping[str, Any]) -> None:
    """Raise Invalid where the other settings, as far as they are sound, leave it no place."""
    if not template:
        return
    if Format.XLSX not in settings.get("formats", (Format.XLSX,)):
        raise Invalid(
            "A workbook template makes an Excel file. Choose Excel among the files, or take the "
            "template away.",
            field="template",
        )
    if settings.get("sheets"):
        raise Invalid(
            "A workbook template has room for one query. Take the further queries away, or the "
            "template.",
            field="template",
        )
    difference = settings.get("difference")
    if difference is not None and difference.as_sheet:
        raise Invalid(
            "A workbook template gets no sheet for the difference. Tell it in the mail instead.",
            field="template",
        )
