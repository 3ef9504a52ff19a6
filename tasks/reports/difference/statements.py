"""The statements of a comparison, in DuckDB's SQL over two files of kept rows.

`file` is the path of a file as a quoted text. Columns are named by their places alone, so no name
of anybody's gets into a statement. A row is told by 128 bits of its texts, each behind its length,
so that no two other rows read the same.
"""
# ruff: noqa: S608 (see above: places, and paths of our own)

from collections.abc import Sequence


def load(side: str, file: str, keys: Sequence[int], columns: Sequence[int]) -> str:
    """Number the rows of a side, with the hash of the key and of what is compared.

    Rows with the same key are told apart by which of them it is, in their order.
    """
    return (
        f"CREATE TEMP TABLE {side} AS SELECT n, k, h,"
        " row_number() OVER (PARTITION BY k ORDER BY n) AS nth FROM"
        f" (SELECT file_row_number AS n, {_hash(keys)} AS k, {_hash(columns)} AS h"
        f" FROM read_parquet({file}, file_row_number = true))"
    )


def view(side: str, file: str) -> str:
    """Let the rows of a side be asked by their number."""
    return (
        f"CREATE TEMP VIEW {side}_rows AS"
        f" SELECT * FROM read_parquet({file}, file_row_number = true)"
    )


PAIR = (
    "CREATE TEMP TABLE pair AS SELECT b.n AS b, a.n AS a FROM before b"
    " FULL JOIN after a ON a.k = b.k AND a.nth = b.nth"
    " WHERE a.n IS NULL OR b.n IS NULL OR a.h <> b.h"
)
NEW, GONE, CHANGED = "b IS NULL", "a IS NULL", "a IS NOT NULL AND b IS NOT NULL"
COUNT = (
    f"SELECT count(*) FILTER ({NEW}), count(*) FILTER ({GONE}), count(*) FILTER ({CHANGED})"
    " FROM pair"
)


def repeated(side: str) -> str:
    """Count the keys that stand in more than one row."""
    return f"SELECT count(*) FROM {side} WHERE nth = 2"


DROP = "DROP TABLE before; DROP TABLE after"
"""Once the pairs are found, the memory is for their rows."""


def first(which: str) -> str:
    """Choose the first pairs of a kind, so that only their rows are held."""
    own = "b" if which == GONE else "a"
    return (
        f"CREATE OR REPLACE TEMP TABLE first AS SELECT b, a FROM pair WHERE {which}"
        f" ORDER BY {own} LIMIT ?"
    )


def only(which: str, columns: int) -> str:
    """Ask for the rows of the chosen pairs, of which one side has nothing."""
    side, own = ("before", "b") if which == GONE else ("after", "a")
    names = ", ".join(f"r.c{place}" for place in range(columns))
    return (
        f"SELECT {names} FROM first p JOIN {side}_rows r ON r.file_row_number = p.{own}"
        f" ORDER BY p.{own}"
    )


def changed(keys: Sequence[int], before: Sequence[int], after: Sequence[int]) -> str:
    """Ask for the key as it is now, and the columns of both sides, of the chosen pairs."""
    columns = [f"y.c{place}" for place in keys]
    columns += [f"x.c{place}" for place in before] + [f"y.c{place}" for place in after]
    return (
        f"SELECT {', '.join(columns)} FROM first p"
        " JOIN before_rows x ON x.file_row_number = p.b"
        " JOIN after_rows y ON y.file_row_number = p.a ORDER BY p.a"
    )


def _hash(places: Sequence[int]) -> str:
    texts = ", ".join(f"coalesce(strlen(c{one}) || ':' || c{one}, '-')" for one in places)
    return f"md5_number(concat({texts}))" if places else "0::UHUGEINT"
