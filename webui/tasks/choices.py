"""What the form of a task offers, in words."""

from flask_babel import gettext, lazy_gettext

from tasks.models.task import NEVER_REPEATED
from tasks.reports.parameters import ParameterType
from webui.error_kinds import KINDS

Options = list[tuple[str, str]]

TYPES = {
    ParameterType.TEXT: lazy_gettext("Text"),
    ParameterType.INTEGER: lazy_gettext("Whole number"),
    ParameterType.DECIMAL: lazy_gettext("Decimal number"),
    ParameterType.DATE: lazy_gettext("Date"),
    ParameterType.BOOLEAN: lazy_gettext("Yes or no"),
    ParameterType.CHOICE: lazy_gettext("One of several"),
}

LANGUAGES = {"en": "English", "tr": "Türkçe"}

FORMATS = {
    "xlsx": lazy_gettext("Excel workbook (xlsx)"),
    "csv": lazy_gettext("Comma-separated text (csv)"),
}


def priorities() -> Options:
    """The priorities from the most urgent on, those with words among them."""
    words = {
        9: gettext("9, most urgent"),
        7: gettext("7, urgent"),
        5: gettext("5, normal"),
        3: gettext("3, can wait"),
        0: gettext("0, when nothing else waits"),
    }
    return [(str(number), words.get(number, str(number))) for number in range(9, -1, -1)]


def units() -> Options:
    return [
        ("seconds", gettext("seconds")),
        ("minutes", gettext("minutes")),
        ("hours", gettext("hours")),
    ]


def kinds() -> Options:
    return [(kind.value, str(KINDS[kind])) for kind in KINDS if kind not in NEVER_REPEATED]


def types() -> Options:
    return [(kind.value, str(word)) for kind, word in TYPES.items()]
