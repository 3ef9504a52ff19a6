"""What a run keeps in words about a comparison that cannot be made."""

from tasks.errors import mark

NO_KEY = mark("It could not be compared with run {id}: its rows have no column “{name}”.")
OTHER_COMPANIES = mark(
    "It could not be compared with run {id}: only one of the two read several companies."
)
