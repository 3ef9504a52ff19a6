"""Numbers in the forms: read as they are typed, and shown as the reader of the page types them."""

from decimal import Decimal

from tasks.numbers import as_typed, typed_number
from webui.i18n import language


def number_of(text: str, *, field: str, whole: bool = False, most: int | None = None) -> str:
    """Return what was typed as it is kept; raises Invalid where it can mean two numbers.

    What is no number stays as it is, for whoever takes it to refuse.
    """
    return typed_number(text, language(), field=field, whole=whole, most=most)


def shown(number: Decimal | str) -> str:
    """Return a kept number as the reader types it."""
    return as_typed(number, language())
