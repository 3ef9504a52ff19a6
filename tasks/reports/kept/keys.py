"""Which rows are the same row: the hash of their key columns, and the set of those known."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from tasks.reports.kept.texts import Texts

HASH_BYTES, BUCKET_BYTES = 16, 2
REST_BYTES = HASH_BYTES - BUCKET_BYTES


def key_hashes(texts: Sequence[Texts]) -> Iterator[bytes]:
    """Yield the hash of each row's key, from the texts of its key columns."""
    for row in zip(*texts, strict=True):
        yield blake2b(repr(row).encode(), digest_size=HASH_BYTES).digest()


class KnownKeys:
    """A set of hashes in about 20 bytes each, for millions of keys.

    The first bytes of a hash choose its bucket, where the others stand one after the other.
    """

    def __init__(self) -> None:
        self._buckets: dict[bytes, bytearray] = {}

    def add(self, hashed: bytes) -> None:
        if hashed not in self:
            bucket = self._buckets.setdefault(hashed[:BUCKET_BYTES], bytearray())
            bucket += hashed[BUCKET_BYTES:]

    def __contains__(self, hashed: bytes) -> bool:
        bucket, rest = self._buckets.get(hashed[:BUCKET_BYTES]), hashed[BUCKET_BYTES:]
        if bucket is None:
            return False
        at = bucket.find(rest)
        while at % REST_BYTES:  # -1, too, is none of their places
            if at < 0:
                return False
            at = bucket.find(rest, at + 1)
        return True


def known_keys(path: Path, names: Sequence[str]) -> KnownKeys:
    """Return the keys of a file of kept rows; where it lacks a key column, no key is known."""
    from tasks.reports.kept.file import head_of, key_places, texts_in  # heavy

    known, head = KnownKeys(), head_of(path)
    if head.lacks(names):
        return known
    for texts in texts_in(path, key_places(head, names)):
        for hashed in key_hashes(texts):
            known.add(hashed)
    return known
