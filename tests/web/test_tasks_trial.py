"""Trying a task: the page with its first rows and its mail, and the run that comes to oneself."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Delivery, Role, Run, TaskDefinition, User
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs

ROWS = 'SELECT "Code", "Balance" FROM "T" ORDER BY "Balance"'
PAGE = "/tasks/a-report/trial"


@pytest.fixture(autouse=True)
def company(app: object, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute("CREATE SCHEMA SBODEMOTR")
        demo.execute(
            """CREATE TABLE SBODEMOTR."T" AS SELECT '<b>C' || i AS "Code",
            (i * 1000.25)::DECIMAL(18,2) AS "Balance" FROM range(0, 200) t(i)"""
        )
    a_source()


def a_report(**settings: Any) -> TaskDefinition:
    given = {"sql": ROWS, "recipients": ["ayse@example.com"], "language": "tr"}
    return a_task(settings=given | settings)


def nothing_was_kept() -> bool:
    with reading() as session:
        return (
            not session.scalars(select(Run)).all() and not session.scalars(select(Delivery)).all()
        )


def test_the_first_rows_and_the_mail_are_shown_and_nothing_is_kept(login_as: LoginAs) -> None:
    a_report(subject="{{ title }}: {{ rows }}", text="{{ total('Balance') }}")
    page = login_as(Role.OPERATOR).submit(PAGE).text
    assert "A Report: 50" in page
    assert "1.225.306,25" in page
    assert "&lt;b&gt;C0" in page
    assert "<b>C0" not in page
    assert "ayse@example.com" in page
    assert "Every figure, sum and chart in it is of the first 50 rows only" in page
    assert "rakamlar, toplamlar ve grafikler yalnızca ilk 50 satıra aittir" in page
    assert nothing_was_kept()


def test_opening_the_page_asks_the_source_nothing(login_as: LoginAs) -> None:
    a_report(sql="SELECT nothing FROM nowhere")
    answer = login_as(Role.OPERATOR).get(PAGE)
    assert answer.status_code == 200
    assert "nowhere" not in answer.text


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"sql": 'SELECT "Nothing" FROM "T"'}, "Nothing"),
        ({"text": "{{ total('Saldo') }}"}, "There is no column “Saldo” in the result."),
        ({"charts": [{"label": "Code", "values": ["Code"]}]}, "“Code” cannot be drawn"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_fails(
    login_as: LoginAs, settings: dict[str, Any], sentence: str
) -> None:
    a_report(**settings)
    assert sentence in login_as(Role.OPERATOR).submit(PAGE).text


def test_a_condition_that_is_not_met_is_told(login_as: LoginAs) -> None:
    a_report(condition={"kind": "no_rows"})
    page = login_as(Role.OPERATOR).submit(PAGE).text
    assert "Nothing to send: the query gave 50 rows" in page
    assert "Only the first 50 rows were counted; there are more." in page


@pytest.mark.parametrize(("with_whole", "named"), [(True, True), (False, False)])
def test_who_gets_no_whole_report_is_not_named_for_it(
    login_as: LoginAs, with_whole: bool, named: bool
) -> None:
    burst = {
        "column": "Code",
        "address_from": "lines",
        "lines": ["<b>C1 = can@example.com"],
        "with_whole": with_whole,
    }
    a_report(burst=burst, sql=ROWS.replace("ORDER", 'WHERE "Balance" < 3000 ORDER'))
    page = login_as(Role.OPERATOR).submit(PAGE).text
    assert ("ayse@example.com" in page) is named
    assert "can@example.com" in page


def test_the_formatted_mail_is_a_page_that_can_do_nothing(login_as: LoginAs) -> None:
    charts = [{"label": "Code", "values": ["Balance"]}]
    a_report(mail={"html": True, "rows": 3}, charts=charts)
    client = login_as(Role.OPERATOR)
    assert "Show the formatted mail" in client.submit(PAGE).text
    answer = client.submit(f"{PAGE}/mail", page=PAGE)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script" not in policy
    assert 'src="data:image/png;base64,' in answer.text
    assert "cid:" not in answer.text
    assert "&lt;b&gt;C0" in answer.text
    assert "<b>" not in answer.text
    assert "yalnızca ilk 50 satıra aittir" in answer.text


def test_a_trial_over_all_rows_says_nothing_of_first_ones(login_as: LoginAs) -> None:
    a_report(sql=f"{ROWS} LIMIT 3")
    page = login_as(Role.OPERATOR).submit(PAGE).text
    assert "of the first" not in page
    assert "satıra aittir" not in page


def test_a_viewer_may_not_try_a_task(login_as: LoginAs) -> None:
    a_report()
    client = login_as(Role.VIEWER)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, data={"csrf_token": client.token("/account")}).status_code == 403
    assert "/trial" not in client.get("/tasks/a-report").text


def test_only_a_report_can_be_tried(login_as: LoginAs) -> None:
    with transaction() as session:
        session.add(TaskDefinition(slug="old", title="Old", job="log_cleanup", settings={}))
    assert login_as(Role.OPERATOR).get("/tasks/old/trial").status_code == 404


def test_send_to_me_first_promises_a_run_for_my_address_alone(login_as: LoginAs) -> None:
    a_report()
    client = login_as(Role.OPERATOR)
    with transaction() as session:
        session.scalars(select(User)).one().email = "me@example.com"
    form = "/tasks/a-report/runs/new"
    answer = client.submit("/tasks/a-report/runs", page=form, only_to_me="1", request_key="k")
    assert answer.status_code == 303
    with reading() as session:
        assert session.scalars(select(Run)).one().only_to == "me@example.com"
    answer = client.submit("/tasks/a-report/runs", page=form, request_key="k")
    assert answer.status_code == 409


def test_without_an_address_of_my_own_it_says_what_to_do(login_as: LoginAs) -> None:
    a_report()
    answer = login_as(Role.OPERATOR).submit(
        "/tasks/a-report/runs", page="/tasks/a-report/runs/new", only_to_me="1"
    )
    assert answer.status_code == 422
    assert "Your account has no mail address" in answer.text
    assert nothing_was_kept()
