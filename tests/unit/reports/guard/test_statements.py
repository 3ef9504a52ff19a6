"""What people write for Business One is accepted; what could change anything is refused by name."""

import re
import subprocess
import sys

import pytest

from tasks.kit.report import KitReport, kit
from tasks.reports.guard import check
from tasks.reports.guard.functions import FUNCTIONS
from tasks.sources import hana_functions, sql_text
from tests.unit.reports.guard.catalogue import CATALOGUE
from tests.unit.reports.guard.examples import examples

ACCEPTED = examples("accepted.sql")
REFUSED = examples("refused.sql")


@pytest.mark.parametrize("sql", [pytest.param(sql, id=fact) for fact, sql in ACCEPTED])
def test_a_query_of_a_business_one_shop_is_accepted(sql: str) -> None:
    assert check(sql).problems == ()


@pytest.mark.parametrize("sql", [pytest.param(sql, id=fact) for fact, sql in ACCEPTED])
def test_spaces_lines_and_comments_change_no_verdict(sql: str) -> None:
    pieces, end = [], 0
    for token in sql_text.tokens(sql):
        pieces.append(" /* ; DROP 'it */\r\n-- \"; (\n\t" if token.start > end else "")
        pieces.append(token.text)
        end = token.end
    assert check("".join(pieces), catalogue=None).problems == ()


@pytest.mark.parametrize(("expected", "sql"), REFUSED)
def test_what_may_do_more_than_read_is_refused_with_its_place(expected: str, sql: str) -> None:
    place, _, core = expected.partition(" ")
    told = [(f"{one.line}:{one.column}", one.message) for one in check(sql).problems]
    assert any(where == place and core in message for where, message in told), told


def test_there_are_enough_of_both() -> None:
    assert len({sql for _, sql in ACCEPTED}) >= 60
    assert len({sql for _, sql in REFUSED}) >= 60


@pytest.mark.parametrize(("expected", "sql"), REFUSED)
def test_a_refused_text_stays_refused_in_other_clothes(expected: str, sql: str) -> None:
    changed = [sql.swapcase() if "'" not in sql and '"' not in sql else sql, f"\n\t {sql}"]
    changed += [f"/* a remark */ {sql}", re.sub(" ", "\r\n", sql), re.sub(" ", " /**/ ", sql)]
    assert [one for one in changed if check(one).ok] == []


@pytest.mark.parametrize("sql", ["", "  \n", ";", "-- nothing", "/* nothing */ ;"])
def test_a_text_without_a_query_says_so(sql: str) -> None:
    assert check(sql).problems[0].message.startswith("There is no query.")


def test_whoever_only_offers_the_guard_does_not_wait_for_its_reader() -> None:
    code = "import sys; import tasks.reports.guard; print('sqlglot' in sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert loaded.stdout == "False\n"


def test_every_function_of_the_embedded_source_may_be_called() -> None:
    known = (
        hana_functions.SAME
        | hana_functions.MACROS
        | hana_functions.TEXTS
        | hana_functions.DATES
        | set(hana_functions.TEXT)
        | set(hana_functions.NUMBERS)
    )
    assert known - FUNCTIONS == set()


@pytest.mark.parametrize("task", kit(), ids=lambda task: task.slug)
def test_the_reports_of_the_kit_are_accepted_name_by_name(task: KitReport) -> None:
    verdict = check(task.sql, catalogue=CATALOGUE)
    assert verdict.problems == ()
    assert sorted(verdict.parameters) == sorted(str(one["name"]) for one in task.parameters)


def test_each_of_several_functions_is_told_of() -> None:
    told = [one.message for one in check("SELECT ISNULL(a, 1), LEN(b), FOO(c) FROM T").problems]
    assert [message.split()[4 if "HANA has" in message else 2] for message in told] == [
        "ISNULL;", "LEN;", "FOO",
    ]  # fmt: skip
