"""What a workbook of somebody's own may hold: nothing that runs, or reads from elsewhere."""

import re

from tasks.errors import Invalid
from tasks.reports.workbooks.package import CONTENT_TYPES, Package, no_workbook
from tasks.reports.workbooks.xml import named

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPES = re.compile(
    r"application/vnd\.openxmlformats-officedocument\.(?:"
    r"spreadsheetml\.(?:worksheet|chartsheet|table|styles|sharedStrings|calcChain|comments"
    r"|pivotTable|pivotCacheDefinition|pivotCacheRecords|sheetMetadata)\+xml"
    r"|spreadsheetml\.printerSettings|vmlDrawing|drawing\+xml|theme\+xml|themeOverride\+xml"
    r"|drawingml\.(?:chart|chartshapes)\+xml|extended-properties\+xml|custom-properties\+xml"
    r"|customXmlProperties\+xml)"
    r"|application/vnd\.openxmlformats-package\.(?:core-properties|relationships)\+xml"
    r"|application/vnd\.ms-office\.(?:chartstyle|chartcolorstyle|chartex|classificationlabels)\+xml"
    r"|application/vnd\.ms-excel\.(?:threadedcomments|person|slicer|slicerCache|timeline"
    r"|timelineCache)\+xml"
    r"|application/xml|image/(?:png|jpeg|jpg|gif|bmp|tiff|x-emf|x-wmf)"
)
MACROS = re.compile(r"macro|vbaproject|dialogsheet|excel4", re.IGNORECASE)
ELSEWHERE = re.compile(r"externallink|connections|querytable|/model|datamodel", re.IGNORECASE)
EMBEDDED = re.compile(r"oleobject|embeddings|activex|ctrlprop|\.package$", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'(?:[^']|'')+'!")
"""A text in a formula, and the name of a sheet."""
OUTSIDE_FORMULA = re.compile(
    r"\||\b(?:WEBSERVICE|IMAGE|RTD|DDE|CALL|EXEC|REGISTER(?:\.ID)?)\s*\(", re.IGNORECASE
)
"""What asks another program (DDE) or another machine, where it stands outside of quotes."""
SUSPECT = re.compile(rb"&#|\||WEBSERVICE|IMAGE|RTD|DDE|CALL|EXEC|REGISTER", re.IGNORECASE)
"""Without any of these a part has no such formula; `&#` may hide each of them."""
FORMULAS = (
    "f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula",
    "totalsRowFormula",
)  # fmt: skip


def check_safe(package: Package) -> None:
    """Raise Invalid for macros, objects of other programs, and what is read from elsewhere."""
    types = _types(package)
    books = 0
    for name in package.names:
        if name == CONTENT_TYPES:
            continue
        kind = types.get(f"/{name}".lower()) or types.get(name.rpartition(".")[2].lower(), "")
        _refuse_named(f"{kind} /{name}")
        books += kind == BOOK
        if kind != BOOK and not TYPES.fullmatch(kind):
            raise Invalid(
                "The workbook holds a part that a template cannot have: {name}. Make the template "
                "anew in Excel, and copy the sheets into it.",
                field="file",
                name=name,
            )
        if name.endswith(".rels"):
            _check_relations(package, name)
    if books != 1:
        raise no_workbook()


def check_formulas(package: Package, part: str) -> None:
    """Raise Invalid for a formula in this part that asks another program or machine."""
    if not SUSPECT.search(package.read(part)):
        return
    for one in named(package.xml(part), *FORMULAS):
        if OUTSIDE_FORMULA.search(QUOTED.sub("", one.text or "")):
            raise _elsewhere()


def _types(package: Package) -> dict[str, str]:
    """Return the content types by part with its slash, and by ending without a dot."""
    found: dict[str, str] = {}
    for one in package.xml(CONTENT_TYPES):
        key = one.get("PartName") or one.get("Extension") or ""
        found[key.lower()] = one.get("ContentType", "")
    return found


def _refuse_named(words: str) -> None:
    if MACROS.search(words):
        raise Invalid(
            "The workbook holds macros, which a template cannot have. Save it as an Excel "
            "workbook without macros (.xlsx).",
            field="file",
        )
    if ELSEWHERE.search(words):
        raise _elsewhere()
    if EMBEDDED.search(words):
        raise Invalid(
            "The workbook holds an object of another program, or a control. Take it out.",
            field="file",
        )


def _check_relations(package: Package, name: str) -> None:
    for one in package.xml(name):
        if one.get("TargetMode") == "External" and not one.get("Type", "").endswith("/hyperlink"):
            raise _elsewhere()


def _elsewhere() -> Invalid:
    return Invalid(
        "The workbook reads from other files, programs or databases. Break these links in Excel "
        "(Data, Edit links; Data, Queries & Connections), and save it again.",
        field="file",
    )
