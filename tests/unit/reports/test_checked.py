"""The guard where a report is saved and where it runs: by the kind of its source."""

import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import SourceKind
from tasks.reports.checked import MOST_SAID, check_at_run, check_at_save, verdict_on

OF_HANA = (SourceKind.HANA, SourceKind.DUCKDB)
ONLY_POSTGRESQL = [
    "SELECT date_trunc('month', now())::date, string_agg(a, ',') FROM t",
    "SELECT x FROM generate_series(1, 3) AS x",
    "SELECT a FROM t WHERE b ~* '^x' AND c @> ARRAY[1] AND d = ANY(ARRAY[:d])",
    "SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b DESC",
]
"""What PostgreSQL can do and HANA cannot."""
HOSTILE = [
    "DELETE FROM t",
    "SELECT 1; DROP TABLE t",
    "WITH gone AS (DELETE FROM t RETURNING a) SELECT a FROM gone",
    "SELECT a INTO b FROM t",
    "SELECT a FROM t FOR UPDATE",
    "SELECT 1 /* a /* b */ c */",
    "COPY t TO '/tmp/x'",
    "",
]


@pytest.mark.parametrize("sql", ONLY_POSTGRESQL)
def test_what_only_hana_does_not_know_is_no_fault_in_postgresql(sql: str) -> None:
    check_at_save(sql, kind=SourceKind.SQL)
    check_at_run(sql, kind=SourceKind.SQL)
    for kind in OF_HANA:
        assert not verdict_on(sql, kind=kind).ok


@pytest.mark.parametrize("kind", SourceKind)
@pytest.mark.parametrize("sql", HOSTILE)
def test_what_writes_or_is_not_one_query_is_refused_for_every_source(
    sql: str, kind: SourceKind
) -> None:
    with pytest.raises(Invalid) as refused:
        check_at_save(sql, kind=kind)
    assert refused.value.field == "sql"
    with pytest.raises(JobError) as failed:
        check_at_run(sql, kind=kind)
    assert failed.value.message == refused.value.message
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SQL, False)


@pytest.mark.parametrize("kind", SourceKind)
def test_a_parameter_that_is_not_defined_is_told_of_for_every_source(kind: SourceKind) -> None:
    verdict = verdict_on("SELECT a\nFROM t WHERE a = :who", kind=kind, parameters=["day"])
    assert [(one.line, one.column) for one in verdict.problems] == [(2, 18)]


def test_each_problem_is_told_with_its_place() -> None:
    sql = 'SELECT LOCATE_SHOE("A"),\n DANCE("B")\nFROM "T"'
    with pytest.raises(Invalid) as refused:
        check_at_save(sql, kind=SourceKind.HANA)
    told = [refused.value, *refused.value.also]
    assert [one.message[:19] for one in told] == ["Line 1, column 8: T", "Line 2, column 2: T"]
    assert {one.field for one in told} == {"sql"}


def test_no_more_problems_are_told_than_a_person_reads() -> None:
    sql = "SELECT " + ", ".join(f"DANCE{number}(1)" for number in range(30)) + " FROM DUMMY"
    with pytest.raises(Invalid) as refused:
        check_at_save(sql, kind=SourceKind.HANA)
    assert len(refused.value.also) == MOST_SAID - 1
