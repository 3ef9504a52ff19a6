"""The rows of a report taken by the part that each belongs to, while they pass."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tasks.errors import ErrorKind, JobError
from tasks.reports.bursting.keys import key_of, part_name
from tasks.reports.bursting.lines import addresses_in, few_of
from tasks.reports.bursting.settings import AddressFrom, BurstSettings
from tasks.reports.bursting.spool import Spool
from tasks.reports.render.section import Section
from tasks.rows import Column, Row

MOST_PARTS = 500
HELD = 20_000
"""Rows that wait in memory until they are set aside together."""


class Counted:
    """Counts the rows of each part, and finds the addresses that stand beside them.

    `companies` name the result that begins next, where the same key is another one in each.
    """

    def __init__(self, settings: BurstSettings, companies: Sequence[str] = ()) -> None:
        self._settings, self._companies = settings, companies
        self._begun = 0
        self._key, self._address = 0, -1
        self.rows: dict[str, int] = {}
        self.addresses: dict[str, list[str]] = {}

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:  # noqa: ARG002
        names = [column.name for column in columns]
        self._key = place_of(self._settings.column, names)
        if self._settings.address_from is AddressFrom.COLUMN:
            self._address = place_of(self._settings.address_column, names)
        self._begun += 1

    def write(self, batch: Sequence[Row]) -> None:
        self.sort(batch)

    def sort(self, batch: Sequence[Row]) -> Mapping[str, list[Row]]:
        """Return the rows by part; raises JobError past the most parts."""
        found: dict[str, list[Row]] = {}
        for row in batch:
            part = part_name(self._company, key_of(row[self._key]))
            found.setdefault(part, []).append(tuple(row))
        for part, rows in found.items():
            self.rows[part] = self.rows.get(part, 0) + len(rows)
            if self._address >= 0:
                cells = (row[self._address] for row in rows)
                self._note(part, {str(cell) for cell in cells if cell is not None})
        self._check_count()
        return found

    def abandon(self) -> None:
        """Nothing was left anywhere."""

    @property
    def _company(self) -> str:
        at = self._begun - 1
        return self._companies[at] if at < len(self._companies) else ""

    def _note(self, part: str, cells: set[str]) -> None:
        for cell in sorted(cells):
            self.addresses[part] = few_of([*self.addresses.get(part, ()), *addresses_in(cell)])

    def _check_count(self) -> None:
        if len(self.rows) > MOST_PARTS:
            raise JobError(
                "The column “{column}” has more than {most} different values, and each would be a "
                "file of its own. Choose another column, or narrow the query.",
                kind=ErrorKind.SQL,
                column=self._settings.column,
                most=MOST_PARTS,
            )


class Parts(Counted):
    """Takes the rows, counts them, and sets them aside on disk until their files are made."""

    def __init__(
        self, settings: BurstSettings, folder: Path, companies: Sequence[str] = ()
    ) -> None:
        super().__init__(settings, companies)
        self.spool = Spool(folder)
        self.results: list[tuple[Sequence[Column], Section | None]] = []
        self._held: dict[str, list[Row]] = {}
        self._holding = 0

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        self.flush()
        super().begin(columns, section)
        self.results.append((columns, section))

    def write(self, batch: Sequence[Row]) -> None:
        for part, rows in self.sort(batch).items():
            self._held.setdefault(part, []).extend(rows)
        self._holding += len(batch)
        if self._holding >= HELD:
            self.flush()

    def flush(self) -> None:
        """Set aside what waits in memory."""
        for part, rows in self._held.items():
            self.spool.add(part, len(self.results) - 1, rows)
        self._held, self._holding = {}, 0

    def abandon(self) -> None:
        self.spool.close()


def place_of(name: str, names: Sequence[str]) -> int:
    """Return where a column stands; raises JobError where the result has none of this name."""
    if name not in names:
        raise JobError(
            "There is no column “{name}” to split the rows by. The query gives: {known}. Correct "
            "“Each recipient its own rows” in the task.",
            kind=ErrorKind.SQL,
            name=name,
            known=", ".join(names),
        )
    return names.index(name)
