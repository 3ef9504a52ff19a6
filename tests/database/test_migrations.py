"""The migrations and the models say the same, on both databases."""

from alembic import command
from sqlalchemy import inspect

from tasks.db import engine
from tests.support.databases import alembic_config


def test_from_empty_the_migrations_make_what_the_models_say(database: str) -> None:
    command.check(alembic_config(database))  # raises where something is missing or too much


def test_the_way_back_leaves_nothing_and_the_way_forth_works_again(database: str) -> None:
    command.downgrade(alembic_config(database), "base")
    assert inspect(engine()).get_table_names() == ["alembic_version"]
    command.upgrade(alembic_config(database), "head")
    command.check(alembic_config(database))
