"""The migrations, by Flask-Migrate's own command."""

from flask import Flask
from flask_migrate import Migrate

from webui import ROOT
from webui.database import db


def test_flask_migrate_finds_the_tables_as_the_models_say(app: Flask) -> None:
    Migrate(app, db, directory=str(ROOT / "migrations"))
    answer = app.test_cli_runner().invoke(args=["db", "check"])
    assert answer.exit_code == 0, answer.output
