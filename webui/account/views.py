"""What a person sees and changes of their own account."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tasks.accounts import set_email, want_digest
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import User
from tasks.queries.incidents import heard_of
from webui.account import blueprint
from webui.account.forms import AccountForm, PasswordForm
from webui.database import db
from webui.permissions import Permission, requires


@blueprint.get("")
@requires(Permission.SEE)
def show() -> tuple[str, int]:
    """The person's own page."""
    user = db.session.get_one(User, current_user.id)
    return page(AccountForm.of(user), PasswordForm.empty())


@blueprint.post("")
@requires(Permission.SEE)
def save() -> Response | tuple[str, int]:
    """Keep address, language and the wish for the letter of the week."""
    form = AccountForm.sent()
    with form.checking(), transaction() as session:
        user = session.get_one(User, current_user.id)
        set_email(user, form.text("email"))
        want_digest(user, wanted=form.values["wants_digest"], now=utcnow())
        user.language = form.text("language") or None
    if form.errors:
        return page(form, PasswordForm.empty())
    flash(gettext("Saved."), "success")
    return redirect(url_for("account.show"), 303)


def page(form: AccountForm, passwords: PasswordForm) -> tuple[str, int]:
    """Render the page with both of its forms; the worse of their answers counts."""
    content = render_template(
        "account/show.html",
        form=form,
        passwords=passwords,
        tasks=heard_of(db.session(), user_id=current_user.id),
    )
    return content, max(form.status, passwords.status)
