"""What the words of a text tell before anything is read: is it one query, and nothing else?"""

from collections.abc import Iterator

from tasks.errors import mark
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.sql_text import Token

_WRITES = mark("{word} changes rows, and a report only reads. Write a SELECT.")
_DEFINES = mark("{word} changes the database itself, and a report only reads. Write a SELECT.")
_CALLS = mark("{word} runs a procedure, which may change anything. Write its query as a SELECT.")
_SCRIPT = mark("{word} belongs to a script, and a report is one query. Write one SELECT with WITH.")
_SESSION = mark("{word} steers the session or the transaction, which a report may not. Remove it.")
_OUTSIDE = mark("{word} reads or writes files or other databases. A report reads tables only.")
_OTHER = mark("A report begins with SELECT or WITH, not with {word}.")

_ANYWHERE = {
    _WRITES: "INSERT UPDATE DELETE MERGE UPSERT TRUNCATE",
    _DEFINES: "CREATE ALTER DROP GRANT REVOKE",
    _CALLS: "CALL EXEC EXECUTE",
    _SCRIPT: "BEGIN DECLARE",
    _OUTSIDE: "ATTACH PRAGMA",
}
_AT_THE_START = {
    _WRITES: "REPLACE LOAD UNLOAD",
    _DEFINES: "RENAME COMMENT ANNOTATE REFRESH REORGANIZE RECLAIM",
    _SCRIPT: "DO IF WHILE FOR",
    _SESSION: "SET UNSET COMMIT ROLLBACK SAVEPOINT RELEASE LOCK CONNECT USE RESET CHECKPOINT START"
    " VACUUM ANALYZE PREPARE DEALLOCATE EXPLAIN",
    _OUTSIDE: "EXPORT IMPORT BACKUP RECOVER COPY DETACH INSTALL",
}


def _by_word(words: dict[str, str]) -> dict[str, str]:
    return {word: template for template, together in words.items() for word in together.split()}


_REFUSED = _by_word(_ANYWHERE)
_REFUSED_FIRST = _REFUSED | _by_word(_AT_THE_START)

_LOCKS = mark("FOR {word} locks rows, and a report only reads. Remove it.")
_INTO = mark("SELECT … INTO writes what it reads into a table. Remove INTO and what follows it.")
_SEQUENCE = mark("{name} takes a number from a sequence, and so changes it. Remove it.")
_SEVERAL = mark("Only one query is allowed; remove what follows the ;.")


def faults(words: list[Token]) -> Iterator[Fault]:
    """Yield what makes the text more or other than one query; `words` are without comments."""
    words = without_last_semicolons(words)
    if not words:
        yield fault(0, mark("There is no query. Write a SELECT."))
        return
    yield from _beginning(words)
    yield from _refused_words(words)


def without_last_semicolons(words: list[Token]) -> list[Token]:
    end = len(words)
    while end and words[end - 1].text == ";":
        end -= 1
    return words[:end]


def _beginning(words: list[Token]) -> Iterator[Fault]:
    first = next((word for word in words if word.text != "("), words[0])
    if not (first.is_word("SELECT") or first.is_word("WITH")):
        template = _REFUSED_FIRST.get(first.text.upper(), _OTHER)
        yield fault(first.start, template, word=_shown(first))


def _refused_words(words: list[Token]) -> Iterator[Fault]:
    before = None
    for word in words:
        if word.text == ";":
            yield fault(word.start, _SEVERAL)
        elif before is not None and before.text == ";":
            yield from _after_semicolon(word)
        elif before is not None:
            yield from _refused_word(before, word)
        before = word


def _after_semicolon(word: Token) -> Iterator[Fault]:
    if word.sort == "word" and (template := _REFUSED_FIRST.get(word.text.upper())):
        yield fault(word.start, template, word=_shown(word))


def _refused_word(before: Token, word: Token) -> Iterator[Fault]:
    upper = word.text.upper().strip('"')
    if before.text == "." and upper in ("NEXTVAL", "CURRVAL"):
        yield fault(word.start, _SEQUENCE, name=upper)
    elif before.is_word("FOR") and (word.is_word("UPDATE") or word.is_word("SHARE")):
        yield fault(before.start, _LOCKS, word=upper)
    elif word.is_word("INTO"):
        yield fault(word.start, _INTO)
    elif word.sort == "word" and upper in _REFUSED:
        yield fault(word.start, _REFUSED[upper], word=upper)


def _shown(word: Token) -> str:
    return word.text.upper() if word.sort == "word" else word.text
