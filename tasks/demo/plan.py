"""The order in which the company comes into being: which SQL file runs when, for which document."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parent / "sql"

SALES_ORDER, DELIVERY, INVOICE, CREDIT, QUOTATION = 17, 15, 13, 14, 23
PURCHASE_ORDER, RECEIPT, PURCHASE_INVOICE, PURCHASE_QUOTE = 22, 20, 18, 540000006
NOTHING_PAID = "(SELECT NULL::INT AS entry, 0 AS amount)"
NOTHING_MOVED = "CREATE TEMP TABLE {stage}_moved (entry INT, line INT, quantity DECIMAL(21, 6))"
CREDITED = "(SELECT h.source, t.total FROM credit_head h JOIN credit_total t ON t.entry = h.entry)"
NOT_CREDITED = "(SELECT NULL::INT AS source, 0::DECIMAL(21, 6) AS total)"
DRAFT_APPROVAL = "pick(['-', '-', 'W', 'W', 'Y', 'N'], h.key, 'approval')"


@dataclass(frozen=True)
class Document:
    """One pair of Business One's document tables and the stage that feeds it."""

    stage: str
    header: str
    line: str
    object: int
    first_number: int
    kind: str = "C"


DOCUMENTS = (
    Document("order", "ORDR", "RDR1", SALES_ORDER, 1_000_000),
    Document("quote", "OQUT", "QUT1", QUOTATION, 2_000_000),
    Document("delivery", "ODLN", "DLN1", DELIVERY, 3_000_000),
    Document("invoice", "OINV", "INV1", INVOICE, 4_000_000),
    Document("credit", "ORIN", "RIN1", CREDIT, 4_800_000),
    Document("draft", "ODRF", "DRF1", SALES_ORDER, 0),
    Document("purchase_order", "OPOR", "POR1", PURCHASE_ORDER, 5_000_000, "S"),
    Document("purchase_quote", "OPQT", "PQT1", PURCHASE_QUOTE, 5_500_000, "S"),
    Document("receipt", "OPDN", "PDN1", RECEIPT, 6_000_000, "S"),
    Document("purchase_invoice", "OPCH", "PCH1", PURCHASE_INVOICE, 7_000_000, "S"),
)


def functions() -> str:
    """The statements that define HANA's functions in the file."""
    return _text("functions")


def steps(*, seed: int, until: date, size: int) -> Iterator[str]:
    """Yield the statements that build the company, in order."""
    yield _text("draws", seed=seed, until=until.isoformat(), size=size)
    for name in ("settings", "partners", "items"):
        yield _text(name)
    yield from _sales(size)
    yield from _purchases(size)
    for document in DOCUMENTS:
        yield _documents(document)
    for name in ("journal", "balances", "office"):
        yield _text(name)


def _sales(size: int) -> Iterator[str]:
    yield _draw("order", rows=20_000 * size, offset=0)
    yield _draw("lost", rows=2_500 * size, offset=100_000_000)
    yield _draw("draft", rows=150 * size, offset=200_000_000, days=60)
    yield _text("quotes")
    yield _text("ship", source="order", stage="delivery", base_type=SALES_ORDER)
    yield _text("bill", source="delivery", stage="invoice", base_type=DELIVERY)
    yield _text("credits")
    for stage in ("order", "quote", "draft", "delivery", "invoice", "credit"):
        yield _text("money", stage=stage)
    yield NOTHING_MOVED.format(stage="draft")
    yield _payments("invoice", header="ORCT", applied="RCT2", object=INVOICE, credited=CREDITED)


def _purchases(size: int) -> Iterator[str]:
    yield _draw("purchase_order", rows=3_000 * size, offset=300_000_000, kind="S", most=1_500)
    yield _draw("purchase_quote", rows=600 * size, offset=400_000_000, kind="S", most=1_500)
    yield _text("ship", source="purchase_order", stage="receipt", base_type=PURCHASE_ORDER)
    yield _text("bill", source="receipt", stage="purchase_invoice", base_type=RECEIPT)
    for stage in ("purchase_order", "purchase_quote", "receipt", "purchase_invoice"):
        yield _text("money", stage=stage)
    yield NOTHING_MOVED.format(stage="purchase_quote")
    yield _payments(
        "purchase_invoice",
        header="OVPM",
        applied="VPM2",
        object=PURCHASE_INVOICE,
        credited=NOT_CREDITED,
    )


def _draw(
    stage: str, *, rows: int, offset: int, days: int = 730, kind: str = "C", most: int = 8
) -> str:
    return _text("draw", stage=stage, rows=rows, offset=offset, days=days, kind=kind, most=most)


def _payments(stage: str, *, header: str, applied: str, object: int, credited: str) -> str:  # noqa: A002 (SAP's word)
    number = 8_000_000 if header == "ORCT" else 9_000_000
    return _text(
        "payments",
        stage=stage,
        header=header,
        applied=applied,
        object=object,
        credited=credited,
        first_number=number,
    )


def _documents(document: Document) -> str:
    paid = {"invoice": "invoice_paid", "purchase_invoice": "purchase_invoice_paid"}
    amount = "t.total" if document.stage == "credit" else "coalesce(s.amount, 0)"
    return _text(
        "documents",
        stage=document.stage,
        header=document.header,
        line=document.line,
        object=document.object,
        first_number=document.first_number,
        kind=document.kind,
        paid=amount,
        paid_table=paid.get(document.stage, NOTHING_PAID),
        approval=DRAFT_APPROVAL if document.stage == "draft" else "'-'",
    )


def _text(name: str, **values: object) -> str:
    """One SQL file with its `{names}` replaced; a file without values is taken as it is."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    return text.format(**values) if values else text
