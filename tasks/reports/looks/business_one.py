"""How a company of Business One shows its numbers and days, as it keeps that in OADM."""

from collections.abc import Iterable, Mapping, Sequence

from tasks.errors import ErrorKind, JobError
from tasks.reports.looks.settings import Shown
from tasks.reports.render.codes import decimal_format
from tasks.sources.base import Source

DECIMALS = {
    Shown.B1_SUM: "SumDec",
    Shown.B1_PRICE: "PriceDec",
    Shown.B1_QUANTITY: "QtyDec",
    Shown.B1_PERCENT: "PercentDec",
    Shown.B1_RATE: "RateDec",
}
DAY_COLUMNS = ("DateFormat", "DateSep")
DAYS = {
    0: "dd{0}mm{0}yy",
    1: "dd{0}mm{0}yyyy",
    2: "mm{0}dd{0}yy",
    3: "mm{0}dd{0}yyyy",
    4: "yyyy{0}mm{0}dd",
    5: "dd{0}mmmm{0}yyyy",
    6: "yy{0}mm{0}dd",
}
"""The codes of DateFormat (BoDateTemplate of the SDK)."""
MOST_DECIMALS = 6


def of_company(kinds: Iterable[Shown]) -> list[Shown]:
    """Those of the kinds that the company decides, each once."""
    return [kind for kind in dict.fromkeys(kinds) if kind in DECIMALS or kind is Shown.B1_DATE]


def read_formats(source: Source, kinds: Sequence[Shown]) -> dict[Shown, str]:
    """Ask a company for the formats that it decides, as codes of Excel; raises JobError.

    Not to be called in a transaction.
    """
    names = [DECIMALS[kind] for kind in kinds if kind in DECIMALS]
    if Shown.B1_DATE in kinds:
        names += DAY_COLUMNS
    company = _company(source, names)
    return {kind: _code(kind, company) for kind in kinds}


def _company(source: Source, names: list[str]) -> Mapping[str, str]:
    listed = ", ".join(f'"{name}"' for name in names)
    try:
        with source.query(f'SELECT {listed} FROM "OADM"', ()) as result:  # noqa: S608 (our names)
            rows = [row for batch in result.batches() for row in batch]
    except JobError as error:
        if error.kind is not ErrorKind.SQL:
            raise
        raise JobError(
            "The formats of Business One cannot be read from this source: {why}",
            kind=ErrorKind.PARAMETER,
            why=error.message,
        ) from error
    if not rows:
        raise _strange("")
    texts = ("" if value is None else str(value).strip() for value in rows[0])
    return dict(zip(names, texts, strict=True))


def _code(kind: Shown, company: Mapping[str, str]) -> str:
    if kind is Shown.B1_DATE:
        separator = company["DateSep"][:1] or "."
        return DAYS[_number(company["DateFormat"], max(DAYS))].format(f"\\{separator}")
    return decimal_format(_number(company[DECIMALS[kind]], MOST_DECIMALS))


def _number(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise _strange(text[:20])
    return int(text)


def _strange(given: str) -> JobError:
    return JobError(
        "The table OADM of the source holds “{given}” where a format of Business One should be.",
        kind=ErrorKind.PARAMETER,
        given=given,
    )
