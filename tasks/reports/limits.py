"""How much a report may read and write: past that it fails in words, and nothing is cut off."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tasks.errors import ErrorKind, JobError

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most rows of all results together, and the most megabytes of all files together."""

    rows: int
    megabytes: int

    def check_rows(self, rows: int) -> None:
        """Raise JobError where there are more rows than the task allows."""
        if rows > self.rows:
            raise JobError(
                "The query gives more than {most} rows, which is the limit of this task. Narrow "
                "the query, for example by a parameter, or raise the limit in the task.",
                kind=ErrorKind.SQL,
                most=f"{self.rows:,}",
            )

    def check_files(self, paths: Iterable[Path]) -> None:
        """Raise JobError where the files are larger than the installation allows."""
        self.check_bytes(sum(path.stat().st_size for path in paths))

    def check_bytes(self, count: int) -> None:
        """Raise JobError where so many bytes of files are more than the installation allows."""
        if count > self.megabytes * MEGABYTE:
            raise JobError(
                "The files of the report are larger than {most} MB, which is the limit of this "
                "installation. Narrow the query, for example by a parameter, choose fewer files, "
                "or let an administrator raise {setting}.",
                kind=ErrorKind.SQL,
                most=f"{self.megabytes:,}",
                setting="ORCHESTRATOR_REPORT_MAX_MEGABYTES",
            )
