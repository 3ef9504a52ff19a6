"""What a run keeps in words about its parts."""

from tasks.errors import mark

WENT_TO_NOBODY = mark("Rows that went to nobody, since no address is known: {rows} ({keys}).")
WERE_CAUGHT = mark("Rows without an address of their own, sent to {caught}: {rows} ({keys}).")
NO_ADDRESS_KNOWN = mark("No address is known for “{key}”, so its rows went to nobody: {rows}.")
TOO_MANY_ADDRESSES = mark(
    "“{key}” has more than {most} addresses, so its rows went to nobody: {rows}. Correct its "
    "addresses, and run the task once more."
)
NO_PARTS = mark("The query gave no rows, so there are no parts and nobody to send them to.")
FILES_WRITTEN = mark("files of parts written")
