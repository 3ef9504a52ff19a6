"""`orchestrator user`: add, passwd, role, list."""

import json

from tasks.accounts import authenticate
from tasks.db import transaction
from tests.support.factories import a_user
from tests.unit.cli.conftest import Call

PASSWORD = "a long enough password"


def can_log_in(login: str, password: str) -> bool:
    with transaction() as session:
        return authenticate(session, login, password) is not None


def test_a_user_is_added_with_a_role(orchestrator: Call) -> None:
    result = orchestrator(
        "user", "add", "mehmet", "--role", "editor", "--password-stdin", typed=PASSWORD + "\n"
    )
    assert result.stdout == "Added mehmet as editor.\n"
    assert can_log_in("mehmet", PASSWORD)


def test_the_password_is_asked_for_twice_and_not_shown(orchestrator: Call) -> None:
    result = orchestrator("user", "add", "mehmet", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert can_log_in("mehmet", PASSWORD)


def test_a_weak_password_or_a_taken_login_is_bad_input(orchestrator: Call) -> None:
    a_user("ayse")
    for login, password in (("mehmet", "short"), ("ayse", PASSWORD)):
        result = orchestrator("user", "add", login, "--password-stdin", typed=password + "\n")
        assert result.exit_code == 2
        assert password not in result.output


def test_a_password_is_changed(orchestrator: Call) -> None:
    a_user("ayse")
    orchestrator("user", "passwd", "Ayse", "--password-stdin", typed=PASSWORD + "\n")
    assert can_log_in("ayse", PASSWORD)


def test_a_role_is_changed_but_the_last_administrator_stays(orchestrator: Call) -> None:
    a_user("ayse")
    refused = orchestrator("user", "role", "ayse", "viewer")
    assert refused.exit_code == 2
    assert "only administrator" in refused.stderr
    a_user("mehmet")
    assert orchestrator("user", "role", "ayse", "viewer").stdout == "ayse is now viewer.\n"


def test_users_are_listed(orchestrator: Call) -> None:
    a_user("ayse", full_name="Ayşe Demir")
    assert json.loads(orchestrator("user", "list", "--json").stdout) == [
        {
            "login": "ayse",
            "full_name": "Ayşe Demir",
            "role": "admin",
            "is_active": True,
            "email": None,
        }
    ]


def test_an_unknown_user_is_bad_input_before_a_password_is_asked_for(orchestrator: Call) -> None:
    result = orchestrator("user", "passwd", "nobody")
    assert result.exit_code == 2
    assert result.stdout == ""
