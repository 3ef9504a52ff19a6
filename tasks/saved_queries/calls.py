"""HANA's functions: what they answer, and what they take."""

from tasks.reports.parameters import ParameterType

DATE, INTEGER, DECIMAL, TEXT = (
    ParameterType.DATE,
    ParameterType.INTEGER,
    ParameterType.DECIMAL,
    ParameterType.TEXT,
)

_DATES = """
ADD_DAYS ADD_MONTHS ADD_MONTHS_LAST ADD_WORKDAYS ADD_YEARS CURRENT_DATE CURRENT_TIMESTAMP
CURRENT_UTCDATE LAST_DAY NEXT_DAY NOW TO_DATE TO_DATS TO_SECONDDATE TO_TIMESTAMP
"""
_WHOLE_NUMBERS = """
COUNT DAYOFMONTH DAYOFYEAR DAYS_BETWEEN HOUR LENGTH LOCATE MINUTE MONTH MONTHS_BETWEEN SIGN
TO_BIGINT TO_INT TO_INTEGER WEEK WEEKDAY WORKDAYS_BETWEEN YEAR YEARS_BETWEEN
"""
_NUMBERS = "ABS AVG CEIL FLOOR MOD ROUND SUM TO_DECIMAL TO_DOUBLE"
_TEXTS = """
CONCAT DAYNAME INITCAP LCASE LEFT LOWER LPAD LTRIM MONTHNAME QUARTER REPLACE RIGHT RPAD RTRIM
STRING_AGG SUBSTRING TO_CHAR TO_NVARCHAR TO_VARCHAR TRIM UCASE UPPER
"""
_ANSWERS = ((DATE, _DATES), (INTEGER, _WHOLE_NUMBERS), (DECIMAL, _NUMBERS), (TEXT, _TEXTS))
ANSWERS = {name: type for type, names in _ANSWERS for name in names.split()}
"""The type of what a function answers."""

PASSING = frozenset(["COALESCE", "GREATEST", "IFNULL", "LEAST", "MAX", "MIN", "NULLIF"])
"""Functions that answer with one of their arguments."""

ABOUT_THE_COLUMN = frozenset(["LCASE", "LOWER", "LTRIM", "RTRIM", "TO_DATE", "UCASE", "UPPER"])
"""Functions that leave a column what it is for people; others make another thing of it."""

_READ_DATES = ("TO_DATE", "TO_SECONDDATE", "TO_TIMESTAMP")
_TAKEN = (
    ("DAYNAME DAYOFMONTH LAST_DAY MONTH MONTHNAME QUARTER WEEK YEAR", (DATE,)),
    ("ADD_DAYS ADD_MONTHS ADD_WORKDAYS ADD_YEARS", (DATE, INTEGER)),
    ("DAYS_BETWEEN MONTHS_BETWEEN NEXT_DAY YEARS_BETWEEN", (DATE, DATE)),
    ("TO_BIGINT TO_INT TO_INTEGER", (INTEGER,)),
    ("TO_DECIMAL TO_DOUBLE", (DECIMAL,)),
    ("LCASE LOWER LTRIM RTRIM TRIM UCASE UPPER", (TEXT,)),
    ("LEFT RIGHT SUBSTRING", (TEXT, INTEGER, INTEGER)),
)
_TAKES = {name: types for names, types in _TAKEN for name in names.split()}


def taken(name: str, *, place: int, count: int) -> ParameterType | None:
    """Return what a function takes at a place of its `count` arguments; places count from 0.

    A function that reads a date by a format takes it as a text.
    """
    if name in _READ_DATES:
        return DATE if count == 1 else TEXT
    types = _TAKES.get(name, ())
    return types[place] if place < len(types) else None
