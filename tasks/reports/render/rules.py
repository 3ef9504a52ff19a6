"""What a rule of colour compares with, read as the kind of its column asks."""

import re
from datetime import date
from decimal import Decimal

from tasks.errors import Invalid
from tasks.numbers import readings
from tasks.reports.render.looks import ColourRule, Operator
from tasks.rows import ColumnKind

Bound = Decimal | date | str | bool | None
"""None is the day on which somebody opens the file."""

NUMBERS = frozenset({ColumnKind.DECIMAL, ColumnKind.INTEGER, ColumnKind.FLOAT})
DAYS = frozenset({ColumnKind.DATE, ColumnKind.DATETIME})
TODAY = frozenset({"today", "bugün"})
YES, NO = frozenset({"true", "yes", "doğru", "evet"}), frozenset({"false", "no", "yanlış", "hayır"})
MOST_WHOLE, MOST_DECIMALS = 15, 10
"""Digits of a number before and behind its point."""
TURKISH_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
BOUNDS = {Operator.EMPTY: 0, Operator.BETWEEN: 2}
"""How many values an operator compares with; the others take one."""


def bounds_of(rule: ColourRule, kind: ColumnKind) -> list[Bound]:
    """Return what the rule compares the column's values with; raises Invalid, in words."""
    given = [rule.value, rule.upper][: BOUNDS.get(rule.operator, 1)]
    if rule.operator in (Operator.EMPTY, Operator.CONTAINS):
        return list(given)
    if kind in NUMBERS:
        return [_number(rule, one) for one in given]
    if kind in DAYS:
        return [_day(rule, one) for one in given]
    if rule.operator is not Operator.EQUAL:
        raise Invalid(
            "The colour of “{column}” compares by size, but the column holds neither numbers nor "
            "days. Choose “equal”, “contains” or “empty”.",
            column=rule.column,
        )
    return [_flag(rule, rule.value) if kind is ColumnKind.BOOLEAN else rule.value]


def _number(rule: ColourRule, text: str) -> Decimal:
    found = readings(text)
    if len(found) > 1:
        raise Invalid(
            "The colour of “{column}” compares with “{value}”, which can be read in two ways. "
            "Write {large} or {small}.",
            column=rule.column,
            value=text,
            large=found[1],
            small=Decimal(f"{found[0]:f}0"),
        )
    if not found or not _is_short(found[0]):
        raise Invalid(
            "The colour of “{column}” compares with “{value}”, which is no number such as 1500 or "
            "-0.5.",
            column=rule.column,
            value=text,
        )
    return found[0]


def _is_short(number: Decimal) -> bool:
    """Whether a formula of Excel holds the number as it is."""
    before, _, behind = f"{abs(number):f}".partition(".")
    return len(before) <= MOST_WHOLE and len(behind) <= MOST_DECIMALS


def _day(rule: ColourRule, text: str) -> date | None:
    text = text.strip()
    if text.casefold() in TODAY:
        return None
    if found := TURKISH_DAY.fullmatch(text):
        text = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}"
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(
            "The colour of “{column}” compares with “{value}”, which is no day such as 2026-01-31, "
            "31.01.2026 or today.",
            column=rule.column,
            value=text,
        ) from None


def _flag(rule: ColourRule, text: str) -> bool:
    word = text.strip().casefold()
    if word not in YES | NO:
        raise Invalid(
            "The colour of “{column}” compares with “{value}”, but the column says true or false.",
            column=rule.column,
            value=text,
        )
    return word in YES
