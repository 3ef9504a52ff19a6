"""Searching the choices that a parameter's query offers, while a form is filled in."""

from collections.abc import Callable, Sequence

from flask import Response, make_response, render_template, request
from flask_babel import gettext, ngettext
from flask_limiter import RequestLimit

from tasks.errors import Conflict, Invalid, NotFound
from tasks.models import TaskDefinition
from tasks.queries.by_name import task_named
from tasks.reports.choice_lists import MOST, Found, find_choices
from tasks.reports.choices import SHOWN
from tasks.reports.companies import company_parameter, first_company, offered
from tasks.reports.parameters import OF_SQL, ParameterDefinition, accept
from tasks.reports.parameters.types import SEVERAL
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.limits import limiter
from webui.parameters import controls_of, given, sent
from webui.permissions import Permission, actor, requires
from webui.tasks import blueprint

OFTEN = "120 per minute"
"""How often a person may search."""

Definitions = Sequence[ParameterDefinition]
Finding = Callable[[TaskDefinition, Definitions, ParameterDefinition, str], Found]


@blueprint.get("/<slug>/choices/<name>")
@requires(Permission.OPERATE)
@limiter.limit(OFTEN, key_func=actor, on_breach=lambda limit: _too_often(limit))
def choices(slug: str, name: str) -> str:
    """The choices that hold the words of `?q=`: the list below a text, or a page to look at."""
    return _shown(slug, name, _found)


def _too_often(_limit: RequestLimit) -> Response:
    sentence = Conflict("You asked very often just now. Wait a minute, and try again.")
    asked = request.view_args or {}
    return make_response(_shown(asked["slug"], asked["name"], lambda *_: Found(problem=sentence)))


def _found(
    task: TaskDefinition, definitions: Definitions, one: ParameterDefinition, search: str
) -> Found:
    """Search in the company that the form has chosen; one that a run would refuse is not read."""
    source = str(task.settings.get("source", ""))
    try:
        company = _company(definitions)
    except Invalid as error:
        return Found(problem=error)
    db.session.close()  # a source is not asked while a transaction of ours is open
    return find_choices(source, one.sql, search, company=company)


def _shown(slug: str, name: str, finding: Finding) -> str:
    task = task_named(db.session(), slug)
    definitions = offered(db.session(), task)
    one = _chosen_from_sql(definitions, name)
    search, company = _search(one), company_parameter(definitions)
    found = finding(task, definitions, one, search)
    return render_template(
        "tasks/_choices.html" if wants_fragment() else "tasks/choices.html",
        task=task,
        one=one,
        company=company,
        company_chosen=request.args.get(f"parameters-{company.name}", "") if company else "",
        search=search,
        choices=found.choices[:SHOWN],
        status=_status(found, search),
    )


def _chosen_from_sql(definitions: Definitions, name: str) -> ParameterDefinition:
    for one in definitions:
        if one.name == name and one.type in OF_SQL:
            return one
    raise NotFound("This task has no parameter “{name}” with choices to search.", name=name)


def _company(definitions: Definitions) -> str:
    """Return the company that a run of the form would read, the first of several.

    Raises Invalid where the run would be refused.
    """
    one = company_parameter(definitions)
    if one is None:
        return ""
    typed = given(one, controls_of(one, None) | sent(one, request.args))
    return first_company(definitions, accept([one], {one.name: typed}))


def _search(one: ParameterDefinition) -> str:
    """Return what is searched: of several codes in a control, the one behind the last comma."""
    typed = request.args.get(f"parameters-{one.name}", "")
    if one.type in SEVERAL:
        typed = typed.rpartition(",")[2]
    return request.args.get("q", typed).strip()


def _status(found: Found, search: str) -> str:
    """Say how much was found, and what to do where that is not enough."""
    if found.problem is not None:
        why = say(found.problem)
        return str(gettext("The choices cannot be shown. Type the code itself. %(why)s", why=why))
    count = len(found.choices)
    if count > SHOWN:
        said = gettext(
            "The first %(shown)s of %(count)s. Type more to see others.", shown=SHOWN, count=count
        )
    elif count:
        said = ngettext("%(num)s choice", "%(num)s choices", count)
    else:
        said = gettext("No choice holds “%(search)s”.", search=search)
    limit = gettext(
        "Only the first %(most)s choices are searched; any other code can be typed.", most=MOST
    )
    return f"{said} {limit}" if found.more else str(said)
