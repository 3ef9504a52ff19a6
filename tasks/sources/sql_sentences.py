"""What a database behind an address says when something is wrong, said to who has to act."""

from tasks.errors import mark

LOGIN = mark(
    "The database refuses the login of the source {source}: {reason} Correct the user or the "
    "password on the page of the source."
)
NOT_NOW = mark("The database at {address} takes nobody now: {reason} It can be tried again.")
UNREACHABLE = mark(
    "The database at {address} cannot be reached: {reason} Check the address and the port of the "
    "source {source}, and whether the database runs."
)
TLS = mark(
    "No safe connection to the database at {address}: {reason} Check its certificate, or what the "
    "address of the source {source} says of TLS."
)
RIGHTS = mark(
    "The user of the source {source} may not do this in the database ({code}): {reason} Ask its "
    "administrator for the right to read it."
)
LOST = mark("The connection to the database at {address} broke. It can be tried again.")
BUSY = mark("The database is too busy ({code}): {reason} It can be tried again.")
STOPPED = mark("The database stopped the query ({code}): {reason}")
STOPPED_ON_ORDER = mark("The query was stopped on order.")
TOO_LONG = mark(
    "The query took longer than the {seconds} s that the source {source} allows ({code}). Let it "
    "read less, or allow it more time on the page of the source."
)
TOO_LONG_FOR_US = mark(
    "The query took longer than the {seconds} s that the source {source} allows. Let it read less, "
    "or allow it more time on the page of the source."
)
VALUE = mark("A value of the result cannot be read: {reason}")
BINDING = mark("A value that was given cannot be bound: {reason}")
SQL = mark("The database refuses the query ({code}): {reason}")
SQL_AT = mark("Line {line}, column {column}: the database refuses the query ({code}): {reason}")
SQL_IN_LINE = mark("Line {line}: the database refuses the query ({code}): {reason}")


def first_line(text: str) -> str:
    """Return the first line as a sentence."""
    return text.strip().splitlines()[0].rstrip(".:") + "." if text.strip() else "–"
