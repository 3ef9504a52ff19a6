"""The tables of the demo company with their columns, from the list that its own tests use."""

from pathlib import Path

_LINES = Path(__file__).parents[2].joinpath("demo", "columns.txt").read_text(encoding="utf-8")

CATALOGUE = {
    table: frozenset(columns)
    for table, *columns in (line.split() for line in _LINES.splitlines() if line.strip())
}
