"""The one way in which this process opens a DuckDB file: read-only and locked down.

DuckDB refuses a second connection with another configuration in the same process, and a read-only
file would otherwise still read and write any other file by `read_csv` and `COPY`.
"""

from pathlib import Path

import duckdb

from tasks.errors import ErrorKind, JobError, mark

CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "lock_configuration": True,
    "memory_limit": "512MB",
    "threads": 2,
}


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file for reading; raises JobError where it is missing, damaged or being written."""
    try:
        return duckdb.connect(path, read_only=True, config=CONFIGURATION)
    except duckdb.Error as error:
        raise JobError(
            _DAMAGED if path.exists() else _MISSING,
            kind=ErrorKind.SOURCE_UNREACHABLE,
            transient=True,
            name=path.stem,
        ) from error


_MISSING = mark("The file of the source {name} cannot be opened: it does not exist yet.")
_DAMAGED = mark(
    "The file of the source {name} cannot be opened: it is damaged, or another program is "
    "writing to it."
)
