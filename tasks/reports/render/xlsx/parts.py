"""The small parts of a workbook beside its sheets, and the names of sheets."""

import re

from tasks.reports.render.text import whole
from tasks.reports.render.xlsx.text import markup_escaped, xml_text

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEETML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CREATOR = "Task Orchestrator"
MAX_NAME = 31
FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ufffe\uffff]+")


def sheet_name(title: str, number: int) -> str:
    """A name that Excel takes: at most 31 UTF-16 units, the second sheet ends in ` (2)`."""
    name = FORBIDDEN_IN_NAME.sub(" ", whole(title)).strip(" '") or "Report"
    if name.lower() == "history":  # Excel keeps this name for itself
        name += " "
    end = f" ({number})" if number > 1 else ""
    room = (MAX_NAME - len(end)) * 2
    return name.encode("utf-16-le")[:room].decode("utf-16-le", "ignore").rstrip("'") + end


def quoted(name: str) -> str:
    """The sheet's name as a formula takes it."""
    return "'" + name.replace("'", "''") + "'"


def content_types() -> str:
    """What each part is; a sheet is the default, for nobody knows yet how many there will be."""
    overrides = (
        ("/xl/workbook.xml", f"{SHEETML}.sheet.main+xml"),
        ("/xl/styles.xml", f"{SHEETML}.styles+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="{SHEETML}.worksheet+xml"/>'
        + "".join(f'<Override PartName="{p}" ContentType="{kind}"/>' for p, kind in overrides)
        + "</Types>"
    )


def package_relationships() -> str:
    return relationships(
        [
            ("rId1", f"{OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
            (
                "rId2",
                f"{PACKAGE}/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ]
    )


def workbook_relationships(sheets: int) -> str:
    return relationships(
        [
            ("styles", f"{OFFICE}/relationships/styles", "styles.xml"),
            *(
                (f"sheet{n}", f"{OFFICE}/relationships/worksheet", f"worksheets/sheet{n}.xml")
                for n in range(1, sheets + 1)
            ),
        ]
    )


def relationships(rows: list[tuple[str, str, str]]) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{name}" Type="{kind}" Target="{target}"/>'
            for name, kind, target in rows
        )
        + "</Relationships>"
    )


def core_properties(title: str) -> str:
    """Who made the file and what it is; no date, so that the same rows give the same bytes."""
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{xml_text(title)}</dc:title><dc:creator>{CREATOR}</dc:creator>"
        "</cp:coreProperties>"
    )


def workbook(sheets: list[tuple[str, str, int]]) -> str:
    """The sheets, the ranges of their filters, and the header that each printed page repeats.

    A sheet is told by its name, its filtered range, and the row of its header.
    """
    listed = "".join(
        f'<sheet name="{attribute(name)}" sheetId="{n}" r:id="sheet{n}"/>'
        for n, (name, _, _) in enumerate(sheets, 1)
    )
    filtered = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n}" hidden="1">'
        f"{markup_escaped(quoted(name))}!{area}</definedName>"
        for n, (name, area, _) in enumerate(sheets)
    )
    printed = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">'
        f"{markup_escaped(quoted(name))}!${header}:${header}</definedName>"
        for n, (name, _, header) in enumerate(sheets)
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships">'
        '<bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{filtered}{printed}</definedNames>"
        "</workbook>"
    )


def attribute(text: str) -> str:
    return markup_escaped(text).replace('"', "&quot;")
