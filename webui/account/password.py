"""A new password, for whoever knows the present one."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from tasks.accounts import authenticate, change_password
from tasks.db import transaction
from tasks.models import User
from webui.account import blueprint
from webui.account.forms import AccountForm, PasswordForm
from webui.account.views import page
from webui.database import db
from webui.limits import limiter
from webui.people import Person
from webui.permissions import Permission, requires
from webui.sessions import begin_anew

PER_PERSON = "5 per minute; 30 per hour"


def _person() -> str:
    return f"password of {current_user.get_id()}"


@blueprint.post("/password")
@requires(Permission.SEE)
@limiter.limit(PER_PERSON, key_func=_person, deduct_when=lambda answer: answer.status_code == 422)
def new_password() -> Response | tuple[str, int]:
    """Change the password and end the person's other sessions."""
    form = PasswordForm.empty()
    given = {name: request.form.get(name, "") for name in form.values}
    with form.checking(), transaction() as session:
        user = authenticate(session, current_user.login, given["current"])
        if user is None:
            form.refuse("current", gettext("This is not your present password."))
        else:
            change_password(session, user, given["password"])
    if form.errors:
        return page(AccountForm.of(db.session.get_one(User, current_user.id)), form)
    person = Person.of(db.session.get_one(User, current_user.id))
    begin_anew()
    login_user(person)
    flash(gettext("You have a new password. Your other sessions have ended."), "success")
    return redirect(url_for("account.show"), 303)
