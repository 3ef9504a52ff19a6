"""Number formats as their authors write them: only what Excel opens without a repair."""

import re

from tasks.errors import Invalid

MOST_SECTIONS = 4
TOKEN = re.compile(
    r"""
    (?P<literal>"[^"]*"|\\.|_.|[\s$\-+/():!^&'~{}<>=₺€£¥%,.])
    |(?P<number>General|[0#?]|E[+-])
    |(?P<moment>AM/PM|A/P|y{1,4}|m{1,5}|d{1,4}|h{1,2}|s{1,2}|\[h{1,2}\]|\[m{1,2}\]|\[s{1,2}\])
    |(?P<text>@)
    |(?P<bracket>\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color\ ?[1-9]\d?
        |(?:<=|>=|<>|<|>|=)-?\d+(?:\.\d+)?|\$[^\[\]"<>&]{0,8}(?:-[0-9A-Fa-f]{1,8})?)\])
    |(?P<end>;)
    """,
    re.VERBOSE,
)
LONGEST_QUOTE = 20


def check_code(code: str, *, field: str) -> None:
    """Raise Invalid where the code is none that Excel takes."""
    if not code.strip():
        raise Invalid("Write a number format of Excel, such as #,##0.00.", field=field)
    sections, place = [set[str]()], 0
    while place < len(code):
        found = TOKEN.match(code, place)
        if found is None or not code.isprintable():
            raise Invalid(
                "Excel does not take this format from “{rest}” on. Put words in double quotes, "
                'such as 0.0 "kg".',
                field=field,
                rest=code[place : place + LONGEST_QUOTE],
            )
        if found.lastgroup == "end":
            sections.append(set())
        else:
            sections[-1].add(str(found.lastgroup))
        place = found.end()
    _check_sections(sections, field)


def _check_sections(sections: list[set[str]], field: str) -> None:
    if len(sections) > MOST_SECTIONS:
        raise Invalid(
            "A format of Excel has at most four parts: above zero, below, zero, and text.",
            field=field,
        )
    if any(len(kinds & {"number", "moment", "text"}) > 1 for kinds in sections):
        raise Invalid(
            "One part of a format shows a number, or a date, or a text, and not two of them.",
            field=field,
        )
