"""A report's SQL in the words of SQL Server: one query that only reads, with its values apart.

SQL Server knows no read-only transaction, and neither a semicolon nor anything else has to stand
between two statements of a text. So a word that begins a statement other than SELECT is refused
before the text is sent. All of them are reserved: whoever has a column of such a name has to write
it in brackets. What keeps the source safe is a user who may only SELECT.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.errors import ErrorKind, JobError, mark
from tasks.sources.schema_name import place_schema
from tasks.sources.sql_text import SqlError, Token

_ONLY_READS = mark(
    "Line {line}, column {column}: {word} may not stand in a report for SQL Server, which is one "
    "query that only reads. Write a column of this name in brackets."
)
_BEGINS = mark(
    "Line {line}, column {column}: a report begins with SELECT or WITH, not with {word}."
)
_SEVERAL = mark(
    "Line {line}, column {column}: only one query is allowed; remove what follows the ;."
)
_GLUED = mark("Line {line}, column {column}: put a space between the number and {word}.")
_OPEN = mark("Line {line}, column {column}: what begins here does not end.")

_WORDS = (
    "ALTER BACKUP BEGIN BREAK BULK CHECKPOINT CLOSE COMMIT CONTINUE CREATE DBCC DEALLOCATE DECLARE "
    "DELETE DENY DROP DUMP EXEC EXECUTE GOTO GRANT IF INSERT INTO KILL LINENO LOAD MERGE OPEN "
    "OPENDATASOURCE OPENQUERY OPENROWSET PRINT PROC PROCEDURE RAISERROR READTEXT RECONFIGURE "
    "RESTORE RETURN REVERT REVOKE ROLLBACK SAVE SET SETUSER SHUTDOWN TABLOCKX TRAN TRANSACTION "
    "TRIGGER TRUNCATE UPDATE UPDATETEXT UPDLOCK WAITFOR WHILE WRITETEXT XLOCK"
)
_REFUSED = frozenset(_WORDS.split())
_SEQUENCE = ("NEXT", "VALUE", "FOR")
_HINT = ("USE", "HINT")
"""The one USE that is a part of a query: OPTION (USE HINT (…))."""

_TOKEN = re.compile(
    r"""
      (?P<comment>--[^\n]*|/\*)
    | (?P<text>'(?:[^']|'')*(?P<ended>')?)
    | (?P<name>"(?:[^"]|"")*"?|\[(?:[^\]]|\]\])*\]?)
    | (?P<word>[^\W\d][\w@$\#]*|[@\#][\w@$\#]*)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]\d+)?)
    | (?P<sign>\S)
    """,
    re.VERBOSE,
)
_REST_OF_NUMBER = re.compile(r"[eE]\d+|[xX][0-9A-Fa-f]+")
_OTHER_ENDS = frozenset("\r\v\f\x85\u2028\u2029")
"""What one reader may take for the end of a line, and another not."""
_EDGE = re.compile(r"/\*|\*/")


@dataclass(frozen=True, slots=True)
class Asked:
    """An author's query as the driver gets it: with the company's name, and `%s` for each `?`."""

    sql: str
    marks: int

    @classmethod
    def of(cls, authors: str, schema: str) -> "Asked":
        """Judge the text and take it apart; raises SqlError for what is not one query."""
        check_reads(authors)
        placed = place_schema(authors, schema).sql
        check_reads(placed)  # who puts the name in knows no brackets, and may mistake a text
        pieces, read, marks = [], 0, 0
        for one in tokens(placed):
            if (one.sort, one.text) == ("sign", "?"):
                pieces += [_escaped(placed[read : one.start]), "%s"]
                read, marks = one.end, marks + 1
        return cls("".join([*pieces, _escaped(placed[read:])]), marks)

    def check_count(self, given: int) -> None:
        """Raise JobError unless there is one value for each mark."""
        if self.marks != given:
            raise JobError(
                "The query has {wanted} parameters but {given} values were given.",
                kind=ErrorKind.PARAMETER,
                wanted=self.marks,
                given=given,
            )


def tokens(sql: str) -> Iterator[Token]:
    """Yield the tokens as SQL Server reads them: names in brackets, comments within comments."""
    at = 0
    while match := _TOKEN.search(sql, at):
        at = match.end()
        if match.group() == "/*":
            at = _end_of_comment(sql, at)
        yield Token(str(match.lastgroup or "text"), sql[match.start() : at], match.start())


def check_reads(sql: str) -> None:
    """Raise SqlError at the first thing that makes the text more than one reading query."""
    words = [one for one in _whole(sql) if one.sort != "comment"]
    while words and words[-1].text == ";":
        words.pop()
    first = next((one for one in words if one.text != "("), None)
    if first is None or not (first.is_word("SELECT") or first.is_word("WITH")):
        start = first.start if first else 0
        raise SqlError(_BEGINS, sql=sql, start=start, word=first.text[:60] if first else "–")
    for at, word in enumerate(words):
        _check_word(sql, words, at, word)


def _check_word(sql: str, words: Sequence[Token], at: int, word: Token) -> None:
    if word.text == ";":
        raise SqlError(_SEVERAL, sql=sql, start=word.start)
    if word.sort != "word":
        return
    if at and words[at - 1].sort == "number" and words[at - 1].end == word.start:
        _check_glued(sql, word)
    upper = unicodedata.normalize("NFKC", word.text).upper()
    refused = upper in _REFUSED or _follow(words, at, _SEQUENCE)
    if refused or (upper == "USE" and not _follow(words, at, _HINT)):
        raise SqlError(_ONLY_READS, sql=sql, start=word.start, word=upper)


def _check_glued(sql: str, word: Token) -> None:
    """SQL Server reads `1eSET` as a number and a word; only what is all number may stand there."""
    if not _REST_OF_NUMBER.fullmatch(word.text):
        raise SqlError(_GLUED, sql=sql, start=word.start, word=word.text[:60])


def _follow(words: Sequence[Token], at: int, wanted: Sequence[str]) -> bool:
    found = words[at : at + len(wanted)]
    return [one.text.upper() for one in found] == list(wanted)


def _whole(sql: str) -> Iterator[Token]:
    """Yield the tokens; raises SqlError where a text, a name or a comment does not end."""
    for one in tokens(sql):
        if not _ends(one):
            raise SqlError(_OPEN, sql=sql, start=one.start)
        yield one


def _ends(token: Token) -> bool:
    if token.sort == "comment":
        line = token.text.startswith("--") and not _OTHER_ENDS & set(token.text.rstrip("\r"))
        return line or (len(token.text) > 3 and token.text.endswith("*/"))
    if token.sort not in ("text", "name"):
        return True
    closing = "]" if token.text[0] == "[" else token.text[0]
    return len(token.text) > 1 and token.text.endswith(closing) and _is_even(token.text, closing)


def _is_even(text: str, closing: str) -> bool:
    """Whether the last sign closes, and is not the second half of a doubled one."""
    return (len(text[1:]) - len(text[1:].rstrip(closing))) % 2 == 1


def _end_of_comment(sql: str, at: int) -> int:
    depth = 1
    while depth and (edge := _EDGE.search(sql, at)):
        depth += 1 if edge.group() == "/*" else -1
        at = edge.end()
    return len(sql) if depth else at


def _escaped(sql: str) -> str:
    """The driver fills in the names of parameters by `%`."""
    return sql.replace("%", "%%")
