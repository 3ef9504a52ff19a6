"""What shows that a query was written for Microsoft SQL Server, from which many companies come."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.errors import mark
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.sql_text import Token

MOST_SHOWN = 4

_WRITTEN_FOR = mark(
    "It is written for Microsoft SQL Server and not for HANA (see {signs}). Save it in Business "
    "One in HANA's SQL first."
)
_JOINED = mark("HANA joins texts with ||; + only adds numbers. Write || instead.")
_ALIAS = mark("HANA reads {text} as a text and not as a title. Write it in double quotes.")

_CALLED = """
CHARINDEX CONVERT DATEADD DATEDIFF DATENAME DATEPART EOMONTH FORMAT GETDATE GETUTCDATE IIF ISNULL
LEN OBJECT_ID PATINDEX PIVOT REPLICATE SCOPE_IDENTITY STUFF SYSDATETIME TRY_CAST TRY_CONVERT
TRY_PARSE UNPIVOT
"""
_SPOKEN = """
APPLY DATETIME DATETIME2 MONEY NOCOUNT NOLOCK NTEXT SMALLDATETIME UNIQUEIDENTIFIER
"""
_FUNCTIONS, _WORDS = frozenset(_CALLED.split()), frozenset(_SPOKEN.split())


def faults(words: Sequence[Token]) -> Iterator[Fault]:
    """Yield what HANA does not read as it is meant; `words` are without comments."""
    signs = list(_signs(words))
    if signs:
        named = list(dict.fromkeys(text for _, text in signs))[:MOST_SHOWN]
        yield fault(signs[0][0], _WRITTEN_FOR, signs=", ".join(named))
    for before, word in pairwise(words):
        if before.text == "+" and word.sort == "text":
            yield fault(before.start, _JOINED)
        elif before.sort == "text" and word.text == "+":
            yield fault(word.start, _JOINED)
        elif before.is_word("AS") and word.sort == "text":
            yield fault(word.start, _ALIAS, text=word.text)


def _signs(words: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Yield the place and the text of each piece that only SQL Server knows."""
    nothing = Token("sign", "", 0)
    following = [*words[1:], nothing]
    for before, word, after in zip([nothing, *words], words, following, strict=False):
        upper = word.text.upper()
        if word.text == "[" and after.sort == "word":
            yield word.start, f"[{after.text}]"
        elif word.text == "@" and after.sort == "word" and after.start == word.end:
            yield word.start, word.text + after.text
        elif word.sort == "word" and before.text != "." and _is_sign(before, upper, after):
            yield word.start, word.text


def _is_sign(before: Token, word: str, after: Token) -> bool:
    if word == "DBO":
        return after.text == "."
    if word == "PERCENT":
        return before.sort == "number"
    return word in _WORDS or (word in _FUNCTIONS and after.text == "(")
