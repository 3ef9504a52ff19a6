"""Short names: what stands in addresses for a task, a source, a calendar and what else is kept."""

import re

from tasks.errors import Invalid, mark
from tasks.folding import fold

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
LONGEST_SLUG = 80
RESERVED_SLUGS = ("new",)
"""Names that the addresses of the pages need."""
UNFIT = mark(
    "“{given}” cannot stand in an address. Use small letters, digits and single dashes, such as "
    "overdue-receivables."
)


def slug_of(title: str) -> str:
    """Return the title as a short name; empty where it has neither letter nor digit."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    return "-".join(words)[:LONGEST_SLUG].strip("-")


def check_slug(slug: str) -> None:
    """Refuse a short name under which no page could be found; raises Invalid."""
    if slug in RESERVED_SLUGS:
        raise Invalid("“{slug}” is kept for the pages. Choose another.", field="slug", slug=slug)
    if len(slug) > LONGEST_SLUG:
        raise Invalid(
            "This is too long: at most {max_length} characters.",
            field="slug",
            max_length=LONGEST_SLUG,
        )
    if not re.fullmatch(SLUG, slug):
        raise Invalid(UNFIT, field="slug", given=slug)
