"""The ready tasks of the demo company: five questions that every Business One shop asks."""

from dataclasses import dataclass
from pathlib import Path

Parameter = dict[str, object]
"""A parameter as a task definition keeps it: name, type, label, required, default and so on."""

_FOLDER = Path(__file__).parent / "reports"


@dataclass(frozen=True)
class ReadyTask:
    """A report that comes with the demo company; its SQL names its parameters `:name`."""

    slug: str
    title: str
    title_tr: str
    description: str
    parameters: tuple[Parameter, ...] = ()

    @property
    def sql(self) -> str:
        """The report's SQL, as HANA understands it."""
        return (_FOLDER / f"{self.slug}.sql").read_text(encoding="utf-8")


def _parameter(
    name: str,
    type: str,
    label: str,
    default: str,
    *,
    help: str = "",  # noqa: A002
    choices: tuple[str, ...] = (),
) -> Parameter:
    return {
        "name": name,
        "type": type,
        "label": label,
        "required": True,
        "default": default,
        "choices": list(choices),
        "help": help,
    }


READY_TASKS = (
    ReadyTask(
        slug="overdue-receivables",
        title="Overdue receivables",
        title_tr="Vadesi geçmiş alacaklar",
        description="Who owes us money that is past its due date, and for how long.",
        parameters=(
            _parameter(
                "as_of", "date", "As of", "today", help="Days late are counted up to this day."
            ),
            _parameter(
                "minimum",
                "decimal",
                "More than (TRY)",
                "0",
                help="Leaves out customers whose overdue amount is not above this.",
            ),
        ),
    ),
    ReadyTask(
        slug="open-sales-orders",
        title="Open sales orders",
        title_tr="Açık satış siparişleri",
        description="Orders that are due and have not left the house, or only in part.",
        parameters=(
            _parameter("due_by", "date", "Due by", "today"),
            _parameter(
                "currency", "choice", "Currency", "all", choices=("all", "TRY", "EUR", "USD")
            ),
        ),
    ),
    ReadyTask(
        slug="sales-by-person",
        title="Sales by person",
        title_tr="Satış temsilcisine göre satışlar",
        description="Net sales of this month so far against the same days of last year's month.",
        parameters=(
            _parameter(
                "day", "date", "Up to", "today", help="The month of this day, up to this day."
            ),
        ),
    ),
    ReadyTask(
        slug="stock-below-minimum",
        title="Stock below minimum",
        title_tr="Asgari seviyenin altındaki stoklar",
        description="Items that fall below their minimum once the open orders are served.",
        parameters=(
            _parameter(
                "warehouse",
                "choice",
                "Warehouse",
                "all",
                choices=("all", "01", "02", "03", "04", "05", "06"),
            ),
        ),
    ),
    ReadyTask(
        slug="total-risk",
        title="Total risk",
        title_tr="Toplam risk",
        description="Balance, open orders and open deliveries by customer, against the limit.",
        parameters=(
            _parameter("show", "choice", "Customers", "all", choices=("all", "above limit")),
        ),
    ),
)
