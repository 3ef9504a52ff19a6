"""Notices: sentences that the next page shows once."""

from flask import flash
from flask_babel import gettext


def announce(dispatched: bool) -> None:
    """Tell the user where the broker did not hear of what was just committed."""
    if not dispatched:
        flash(gettext("The broker is away; the run is kept and starts by itself."), "warning")
