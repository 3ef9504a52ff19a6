"""The list of workbook templates, one with what was found in it, and its file."""

from io import BytesIO

from flask import render_template, send_file
from werkzeug.wrappers import Response

from tasks.reports.render import Format
from webui.database import db
from webui.permissions import Permission, requires
from webui.workbooks import blueprint


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    """All templates by title."""
    from tasks.reports.workbooks.kept import templates  # lxml weighs 10 MB

    return render_template("workbooks/index.html", templates=templates(db.session()))


@blueprint.get("/<slug>")
@requires(Permission.EDIT)
def show(slug: str) -> str:
    """One template: its sheets, where rows and values go, and the tasks that fill it."""
    from tasks.reports.workbooks.findings import examined
    from tasks.reports.workbooks.kept import tasks_of, template_named

    session = db.session()
    template = template_named(session, slug, with_content=True)
    return render_template(
        "workbooks/show.html",
        template=template,
        findings=examined(template.content),
        tasks=tasks_of(session, slug),
    )


@blueprint.get("/<slug>/file")
@requires(Permission.EDIT)
def file(slug: str) -> Response:
    """The workbook as it was uploaded, as a download."""
    from tasks.reports.workbooks.kept import template_named

    template = template_named(db.session(), slug, with_content=True)
    response = send_file(
        BytesIO(template.content),
        mimetype=Format.XLSX.media_type,
        as_attachment=True,
        download_name=f"{template.slug}.xlsx",
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
