"""What files and mails of parts say, in the language of the report."""

from collections.abc import Sequence

from tasks.reports.bursting.keys import UNMATCHED
from tasks.reports.bursting.matching import Part, named
from tasks.reports.render.layout import Language

_TITLES = {Language.ENGLISH: "Without a recipient", Language.TURKISH: "Alıcısı olmayanlar"}
_NOTES = {
    Language.ENGLISH: "No address is known for these values of “{column}”, so you get their "
    "rows ({rows}): {keys}",
    Language.TURKISH: "“{column}” sütununun şu değerleri için adres bilinmiyor, bu yüzden "
    "satırları ({rows}) size geliyor: {keys}",
}


def title_of(part: str, language: Language) -> str:
    """Return what a file says of whose rows it holds."""
    return _TITLES[language] if part == UNMATCHED else part


def note_of(column: str, parts: Sequence[Part], language: Language) -> str:
    """Return what the mail with the rows of nobody says first."""
    return _NOTES[language].format(
        column=column,
        rows=sum(one.rows for one in parts),
        keys=named([one.key for one in parts]),
    )
