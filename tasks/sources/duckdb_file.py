"""The one way in which this process opens a DuckDB file: read-only and locked down.

DuckDB refuses a second connection with another configuration in the same process, and a read-only
file would otherwise still read and write any other file by `read_csv` and `COPY`.
"""

from pathlib import Path

import duckdb

from tasks.errors import ErrorKind, JobError

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
            f"The file of the source {path.stem} cannot be opened: {_why(path)}.",
            kind=ErrorKind.SOURCE_UNREACHABLE,
            transient=True,
        ) from error


def _why(path: Path) -> str:
    if not path.exists():
        return "it does not exist yet"
    return "it is damaged, or another program is writing to it"
