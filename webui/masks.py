"""What stands on a page for a value that its name says is secret."""

from flask_babel import gettext

from tasks.log import MASK, SECRET_NAME


def is_secret(name: str) -> bool:
    """Whether the name of a parameter says that nobody may read its value."""
    return bool(SECRET_NAME.search(name))


def masked(*, changed: bool = False) -> str:
    """Return what stands for a secret; it says no more than that it is another one."""
    return str(gettext("%(mask)s (changed)", mask=MASK)) if changed else MASK
