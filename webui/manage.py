"""The application for the `flask` command: `flask --app webui.manage db history`.

Flask-Migrate stays out of the application that is served, where Alembic would only weigh.
"""

from flask_migrate import Migrate

from webui import ROOT, create_app
from webui.database import db

app = create_app()
Migrate(app, db, directory=str(ROOT / "migrations"))
