"""Two people who add the same at the same time: the second finds what the first has made."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

from sqlalchemy import func, select

from tasks.db import reading, transaction
from tasks.kit.adding import Adding, add_reports
from tasks.kit.report import kit
from tasks.models import Source, TaskDefinition
from tasks.reports.render import Language
from tasks.saved_queries.converting import Company, convert
from tasks.saved_queries.importing import Import, import_queries
from tasks.saved_queries.reading import SavedQuery
from tests.support.factories import a_source

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def fates_of_both(add: Callable[[], list[str]]) -> list[list[str]]:
    """What each of two is told who begin together."""
    begin = Barrier(2)

    def one() -> list[str]:
        begin.wait(10)
        return add()

    with ThreadPoolExecutor(2) as people:
        return sorted(each.result(60) for each in [people.submit(one), people.submit(one)])


def count() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(TaskDefinition)) or 0


def test_of_two_who_add_the_kit_one_finds_it_there(database: str) -> None:
    source = a_source()

    def add() -> list[str]:
        with transaction() as session:
            how = Adding(session.get_one(Source, source.id), Language.ENGLISH, NOW, "ayse")
            return [one.fate.value for one in add_reports(session, kit(), how)]

    all_of_them = len(kit())
    assert fates_of_both(add) == [["added"] * all_of_them, ["unchanged"] * all_of_them]
    assert count() == all_of_them


def test_of_two_who_import_a_query_one_finds_it_there(database: str) -> None:
    source = a_source()
    queries = [SavedQuery(n, "Sales", f"Query {n}", "SELECT 1 AS A FROM DUMMY") for n in range(9)]
    converted = [convert(one, Company({}), Language.ENGLISH) for one in queries]

    def add() -> list[str]:
        with transaction() as session:
            how = Import(session.get_one(Source, source.id), Language.ENGLISH, "ayse")
            return [one.fate.value for one in import_queries(session, converted, how)]

    assert fates_of_both(add) == [["taken"] * 9, ["unchanged"] * 9]
    assert count() == 9
