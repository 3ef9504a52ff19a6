"""Number formats of Excel, as every reader of a workbook knows them."""

from tasks.reports.render.layout import Language

GENERAL, TEXT = "General", "@"
WHOLE, LENGTH, CLOCK = "#,##0", "[h]:mm:ss", "hh:mm:ss"
DAYS = {Language.ENGLISH: "yyyy-mm-dd", Language.TURKISH: "dd.mm.yyyy"}
MAX_SCALE = 15


def decimal_format(scale: int | None) -> str:
    if scale is None:
        return "#,##0.00####"
    return f"{WHOLE}.{'0' * min(scale, MAX_SCALE)}" if scale > 0 else WHOLE
