"""The letters that a run of a report plans, from its rows to the rows of its deliveries."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Conflict, ErrorKind
from tasks.models import (
    Artifact,
    ArtifactRole,
    Delivery,
    DeliveryState,
    Run,
    RunResult,
    RunState,
    TaskDefinition,
    Trigger,
)
from tasks.runs.perform import perform
from tasks.runs.promise import promise, promise_again
from tests.support.factories import a_run, a_source, a_task

ROWS = 'SELECT "Code", "Balance" FROM "T" ORDER BY "Code"'
TABLE = """CREATE TABLE SBODEMOTR."T" AS SELECT 'C' || i AS "Code",
(i * 1000.25)::DECIMAL(18,2) AS "Balance" FROM range(1, 5) t(i)"""
WRONG = {"sql": ROWS, "charts": [{"label": "Code", "values": ["Code"]}]}
TWO = ["ayse@example.com", "mehmet@example.com"]


@pytest.fixture(autouse=True)
def demo(database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(TABLE)
    a_source()


def ended(run: Run) -> tuple[Run, list[Delivery]]:
    perform(run.id, worker="worker-1")
    with reading() as session:
        letters = session.scalars(select(Delivery).where(Delivery.run_id == run.id)).all()
        return session.get_one(Run, run.id), list(letters)


def a_report(**settings: Any) -> TaskDefinition:
    given = {"sql": ROWS, "recipients": TWO, "formats": ["csv"], "language": "tr"}
    return a_task(title="Açık faturalar", settings=given | settings)


def test_each_recipient_gets_the_figures_in_the_words_of_the_task() -> None:
    text = "{{ rows }} satır, {{ total('Balance') }}, en çok {{ largest('Balance') }}: {{ link }}"
    task = a_report(subject="{{ title }} {{ recipient }}", text=text)
    run, letters = ended(a_run(task))
    assert run.state is RunState.SUCCEEDED, run.error
    assert [one.subject for one in letters] == [f"Açık faturalar {one}" for one in TWO]
    assert letters[0].body.startswith("4 satır, 10.002,50, en çok 4.001,00: http")
    assert letters[0].body.endswith(f"/runs/{run.id}")
    assert letters[0].html == ""


def test_the_figures_are_kept_with_the_run() -> None:
    run, _ = ended(a_run(a_report()))
    with reading() as session:
        kept = session.scalars(select(RunResult).where(RunResult.run_id == run.id)).one()
    assert kept.rows == 4
    assert kept.figures["Balance"]["total"] == "10002.50"
    assert kept.figures["Code"] == {"kind": "text", "count": 4}


def test_a_formatted_mail_shows_sums_and_first_rows() -> None:
    mail = {"html": True, "rows": 2, "figures": ["Balance"]}
    _, letters = ended(a_run(a_report(mail=mail)))
    assert "10.002,50" in letters[0].html
    assert "4 satırın ilk 2 satırı" in letters[0].html
    assert ">C2<" in letters[0].html
    assert ">C3<" not in letters[0].html


def test_a_word_that_does_not_fit_the_result_fails_in_words_and_sends_nothing() -> None:
    run, letters = ended(a_run(a_report(text="{{ total('Saldo') }}")))
    assert (run.state, run.error_kind) == (RunState.FAILED, ErrorKind.SQL)
    assert "There is no column “Saldo” in the result. The query gives: Code, Balance" in (
        run.error or ""
    )
    assert letters == []


def test_a_trial_goes_to_one_address_alone() -> None:
    mail = {"html": True, "cc": ["boss@example.com"], "bcc": ["archive@example.com"]}
    run, letters = ended(a_run(a_report(mail=mail), only_to="me@example.com"))
    assert [one.recipient for one in letters] == ["me@example.com"]
    assert letters[0].subject.startswith("[Deneme] ")
    assert "ayse@example.com, mehmet@example.com, boss@example.com" in letters[0].body
    assert "Bu bir denemedir." in letters[0].html
    assert "cc" not in letters[0].target
    assert run.reason == ""


def test_a_trial_of_a_task_without_recipients_comes_all_the_same() -> None:
    _, letters = ended(a_run(a_report(recipients=[]), only_to="me@example.com"))
    assert [one.recipient for one in letters] == ["me@example.com"]
    assert "kimseye gitmezdi" in letters[0].body


def test_what_is_repeated_of_a_trial_is_a_trial() -> None:
    run = a_run(a_report(), state=RunState.SUCCEEDED, only_to="me@example.com")
    with transaction() as session:
        again = promise_again(session, run, triggered_by="ayse", now=utcnow())
    assert again.only_to == "me@example.com"


def test_a_key_of_a_trial_cannot_promise_the_real_run() -> None:
    task = a_report()
    given: dict[str, Any] = {"trigger": Trigger.PERSON, "triggered_by": "ayse", "parameters": {}}
    with transaction() as session:
        promise(session, task, now=utcnow(), request_key="k", only_to="me@example.com", **given)
    with pytest.raises(Conflict, match="made before with other content"), transaction() as session:
        promise(session, task, now=utcnow(), request_key="k", **given)


def test_a_chart_stands_in_the_mail_and_beside_the_files() -> None:
    charts = [{"label": "Code", "values": ["Balance"], "title": "Bakiyeler"}]
    run, letters = ended(a_run(a_report(charts=charts)))
    with reading() as session:
        made = session.scalars(select(Artifact).where(Artifact.run_id == run.id)).all()
    (picture,) = [one for one in made if one.role is ArtifactRole.PICTURE]
    assert (picture.media_type, picture.part) == ("image/png", "")
    assert f'src="cid:{picture.name}"' in letters[0].html
    assert 'alt="Bakiyeler: C1 1.000,25; C2 2.000,50;' in letters[0].html


def test_a_chart_of_a_column_that_is_not_there_fails_in_words() -> None:
    run, _ = ended(a_run(a_report(charts=[{"label": "Name", "values": ["Balance"]}])))
    assert "There is no column “Name” for the chart. The query gives: Code" in (run.error or "")
    run, _ = ended(a_run(a_task("other", settings=WRONG)))
    assert "The column “Code” cannot be drawn: it holds no numbers." in (run.error or "")


def test_a_trial_says_that_it_would_not_have_been_sent() -> None:
    report = a_report(condition={"kind": "no_rows"}, language="en")
    run, letters = ended(a_run(report, only_to="me@example.com"))
    assert [one.state for one in letters] == [DeliveryState.QUEUED]
    assert "It would not have been sent: Nothing to send: the query gave 4" in letters[0].body
    assert run.state is RunState.SUCCEEDED
