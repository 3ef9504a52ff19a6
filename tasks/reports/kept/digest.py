"""One number for all rows: two results with the same digest hold the same rows in the same order.

Every column has a hash of its own over its texts, so however the rows were cut into batches, the
digest is the same; the digest is the hash of those and of the columns' names.
"""

import hashlib
from collections.abc import Sequence

from tasks.reports.kept.texts import Texts
from tasks.rows import Column

END, MISSING, ESCAPE = "\x1e", "\x1d", "\x1c"
"""What stands behind each text, for a value that is missing, and before one of the three."""
_ESCAPED = {
    ord(one): ESCAPE + letter for one, letter in ((END, "e"), (MISSING, "m"), (ESCAPE, "c"))
}


class Digest:
    """The digest of the rows so far, of one result or of several sections."""

    def __init__(self) -> None:
        self._whole = hashlib.sha256()
        self._hashes: list[hashlib._Hash] = []

    def begin(self, columns: Sequence[Column], section: str = "") -> None:
        """Begin the only result, or the next section."""
        self._end()
        names = [section, *(column.name for column in columns)]
        self._whole.update(encoded(names))
        self._hashes = [hashlib.sha256() for _column in columns]

    def take(self, texts: Sequence[Texts]) -> None:
        """Take a batch of the result that was begun last."""
        for one, column in zip(self._hashes, texts, strict=True):
            one.update(encoded(column))

    def text(self) -> str:
        """Return the digest of all rows; it takes none any more."""
        self._end()
        return self._whole.hexdigest()

    def _end(self) -> None:
        for one in self._hashes:
            self._whole.update(one.digest())
        self._hashes = []


def encoded(texts: Sequence[str | None]) -> bytes:
    """Return the texts as bytes that no other texts have."""
    present = [MISSING if one is None else one for one in texts] if None in texts else texts
    joined = END.join(present)  # type: ignore[arg-type]
    missing = 0 if present is texts else texts.count(None)
    is_plain = (
        joined.count(END) == max(len(texts) - 1, 0)
        and joined.count(MISSING) == missing
        and ESCAPE not in joined
    )
    if not is_plain:
        joined = END.join(MISSING if one is None else one.translate(_ESCAPED) for one in texts)
    return (joined + END if texts else "").encode("utf-8", "surrogatepass")
