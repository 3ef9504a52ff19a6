"""The names that can stand in the SQL of a source."""

from itertools import islice

from flask import jsonify, request
from werkzeug.wrappers import Response

from tasks.errors import Conflict, JobError, NotFound
from tasks.reports.guard.functions import FUNCTIONS
from tasks.sources.business_one import called
from tasks.sources.catalogue import Names, names_of
from webui.database import db
from webui.i18n import language, say
from webui.permissions import Permission, requires
from webui.places import place_at_a_source
from webui.sql import blueprint

MOST_TABLES = 5_000
"""Two companies of Business One; more would only make the editor slow."""
MOST_COLUMNS = 2_000
KEPT = "private, max-age=300"


@blueprint.get("/names")
@requires(Permission.AUTHOR)
def names() -> Response:
    """The tables of `?source=`, each with what it is called; without an answer, why."""
    source = _source()
    try:
        found = names_of(source, place=place_at_a_source)
    except (Conflict, JobError) as error:
        return jsonify(schema="", tables=[], functions=sorted(FUNCTIONS), why=say(error))
    return _kept(
        schema=found.schema,
        tables=_tables(found),
        functions=sorted(FUNCTIONS),
        why="",
    )


@blueprint.get("/names/<path:table>")
@requires(Permission.AUTHOR)
def columns(table: str) -> Response:
    """The columns of a table of `?source=`, each with its type; raises NotFound."""
    found = names_of(_source(), place=place_at_a_source).tables.get(table)
    if found is None:
        raise NotFound("There is no table {table}.", table=table)
    return _kept(columns=[[one.name, one.type] for one in found[:MOST_COLUMNS]])


def _source() -> str:
    db.session.close()  # a source is not asked while a transaction of ours is open
    return request.args.get("source", "")


def _tables(found: Names) -> list[list[str]]:
    return [[name, called(name, language())] for name in islice(found.tables, MOST_TABLES)]


def _kept(**content: object) -> Response:
    answer = jsonify(**content)
    answer.headers["Cache-Control"] = KEPT
    return answer
