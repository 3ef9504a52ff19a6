"""The functions that a report may call, and what each is called in DuckDB: a closed list."""

import re

_SAME_NAMES = (
    "ABS ACOS ASIN ATAN ATAN2 AVG CEIL COALESCE CORR COS COUNT CUME_DIST DENSE_RANK EXP"
    " FIRST_VALUE FLOOR GREATEST IFNULL LAG LAST_VALUE LEAD LEAST LN MAX MEDIAN MIN MOD"
    " NTH_VALUE NTILE NULLIF PERCENTILE_CONT PERCENTILE_DISC PERCENT_RANK POWER RANK ROUND"
    " ROW_NUMBER SIGN SIN SQRT STDDEV STDDEV_POP STDDEV_SAMP STRING_AGG SUM TAN VAR_POP VAR_SAMP"
    " EXISTS GROUPING"
)
SAME = frozenset(_SAME_NAMES.split())
"""Functions that mean the same in both."""

TEXT = {
    "ASCII": ("ASCII", 1),
    "CONCAT": ("CONCAT", 2),
    "LCASE": ("LOWER", 1),
    "LEFT": ("LEFT", 1),
    "LENGTH": ("LENGTH", 1),
    "LOWER": ("LOWER", 1),
    "LPAD": ("LPAD", 1),
    "LTRIM": ("LTRIM", 2),
    "REPLACE": ("REPLACE", 3),
    "RIGHT": ("RIGHT", 1),
    "RPAD": ("RPAD", 1),
    "RTRIM": ("RTRIM", 2),
    "SUBSTR": ("SUBSTR", 1),
    "SUBSTRING": ("SUBSTR", 1),
    "SUBSTR_AFTER": ("hana_substr_after", 2),
    "SUBSTR_BEFORE": ("hana_substr_before", 2),
    "UCASE": ("UPPER", 1),
    "UPPER": ("UPPER", 1),
}
"""Text functions: DuckDB's name, and how many first arguments HANA makes text of by itself."""

_MACROS_NAMES = (
    "ADD_DAYS ADD_MONTHS ADD_SECONDS ADD_YEARS DAYNAME DAYOFMONTH DAYOFYEAR DAYS_BETWEEN HOUR"
    " ISOWEEK LAST_DAY LOCATE MINUTE MONTH MONTHNAME MONTHS_BETWEEN NEXT_DAY QUARTER SECOND"
    " SECONDS_BETWEEN WEEK WEEKDAY YEAR YEARS_BETWEEN"
)
MACROS = frozenset(_MACROS_NAMES.split())
"""Functions that are a macro `hana_…` in the file."""

NUMBERS = {
    "TO_BIGINT": "BIGINT",
    "TO_INT": "INTEGER",
    "TO_INTEGER": "INTEGER",
    "TO_SMALLINT": "SMALLINT",
    "TO_DOUBLE": "DOUBLE",
    "TO_REAL": "REAL",
}
TEXTS = frozenset({"TO_VARCHAR", "TO_NVARCHAR", "TO_CHAR", "TO_ALPHANUM", "TO_CLOB", "TO_NCLOB"})
DATES = frozenset({"TO_DATE", "TO_DATS", "TO_TIMESTAMP", "TO_SECONDDATE"})

_FORMAT = {
    "YYYY": "%Y",
    "YY": "%y",
    "MONTH": "%B",
    "MON": "%b",
    "MM": "%m",
    "DDD": "%j",
    "DD": "%d",
    "DAY": "%A",
    "DY": "%a",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "FF3": "%g",
    "FF": "%f",
    "AM": "%p",
    "PM": "%p",
    "IW": "%V",
    "%": "%%",
}
_PIECE = re.compile("|".join(sorted(_FORMAT, key=len, reverse=True)), re.IGNORECASE)


def date_format(hana: str) -> str | None:
    """Turn HANA's date format into strftime's; None where no piece of it is known."""
    translated = _PIECE.sub(lambda match: _FORMAT[match.group().upper()], hana)
    return None if translated == hana and hana else translated
