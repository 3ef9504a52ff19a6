"""Rows set aside on disk by their part, so that memory does not grow with them."""

import pickle
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from tasks.reports.render.renderer import no_space_explained
from tasks.rows import Row

BATCH = 5_000
"""Rows that are handed out at once."""


class Spool:
    """One file without a name, which is gone with the process; the places of each part in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with no_space_explained(folder):
            self._file = TemporaryFile(dir=folder)  # noqa: SIM115 (it lives as long as the spool)
        self._places: dict[str, array[int]] = {}

    def add(self, part: str, section: int, rows: Sequence[Row]) -> None:
        """Set rows of a part aside; `section` is the number of the result that they are of."""
        self._places.setdefault(part, array("Q")).append(self._file.tell())
        with no_space_explained(self._folder):
            pickle.dump((section, rows), self._file, protocol=pickle.HIGHEST_PROTOCOL)

    def batches(self, parts: Sequence[str]) -> Iterator[tuple[int, list[Row]]]:
        """Yield the rows of these parts in the order in which they came, with their section."""
        at, gathered = 0, list[Row]()
        for place in sorted(place for part in parts for place in self._places.get(part, ())):
            self._file.seek(place)
            section, rows = pickle.load(self._file)  # noqa: S301 (nobody else can write this file)
            if gathered and (section != at or len(gathered) + len(rows) > BATCH):
                yield at, gathered
                gathered = []
            at = section
            gathered.extend(rows)
        if gathered:
            yield at, gathered

    def close(self) -> None:
        """Give the disk back; a second call does nothing."""
        self._file.close()
