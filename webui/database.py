"""The database in views: `db.session` reads on the process's one engine."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from tasks.db import engine
from tasks.models import Base


class OneEngine(SQLAlchemy):
    """Flask-SQLAlchemy on the engine that the rest of the process uses."""

    def _make_engine(self, _bind_key: str | None, _options: dict[str, Any], _app: Flask) -> Engine:
        return engine()


db = OneEngine(model_class=Base)
