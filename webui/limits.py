"""How often somebody may try to log in."""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from tasks.accounts import normalised

PER_LOGIN = "5 per minute; 30 per hour"
PER_ADDRESS = "60 per minute"

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=True)


def init_app(app: Flask) -> None:
    """Count the tries in this process."""
    limiter.init_app(app)


def address_and_login() -> str:
    """Count by the address and the login together, so that nobody can lock somebody else out."""
    return f"{get_remote_address()} {normalised(request.form.get('login', ''))[:120]}"
