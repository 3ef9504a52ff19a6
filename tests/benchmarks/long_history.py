"""A long history in seconds: written by SQL, not row by row."""

from sqlalchemy import text

from tasks.db import transaction

TASKS = 20

_TASKS = """
WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :tasks)
INSERT INTO task_definition (
    slug, title, description, job, settings, parameters, queue, priority, timeout_seconds,
    max_attempts, retry_delay_seconds, retry_backoff, retry_max_delay_seconds, retry_on,
    safe_to_repeat, is_active, version, created_at, updated_at)
SELECT
    'report-' || n, 'Report number ' || n, '', 'report', '{}', '[]', 'default', 5, 900,
    3, 60, 2.0, 3600, '[]', 1, 1, 1, :now, :now
FROM series
"""

_RUNS = """
WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < :runs - 1),
instants AS (
    SELECT n, julianday(:now) - (:runs - n) * 1.0 * :days / :runs AS day FROM series
)
INSERT INTO run (
    task_definition_id, task_version, trigger, triggered_by, scheduled_for, due_at, parameters,
    priority, queue, state, reason, attempt, publications, queued_at, started_at, finished_at,
    rows, error_kind, error, created_at, updated_at)
SELECT
    n % :tasks + 1, 1, CASE WHEN n % 50 = 0 THEN 'person' ELSE 'schedule' END, 'Every minute',
    at, at, '{}', 5, 'default',
    CASE WHEN n % 37 = 0 THEN 'failed' WHEN n % 501 = 0 THEN 'timed_out' ELSE 'succeeded' END,
    '', 1, 1, at, at, strftime('%Y-%m-%d %H:%M:%f000', day + (n % 7 + 1) / 14400.0), n % 900,
    CASE WHEN n % 37 = 0 THEN 'sql' END,
    CASE WHEN n % 37 = 0 THEN 'Line 3: there is no column “DocDat” in OINV.' END, at, at
FROM (SELECT n, day, strftime('%Y-%m-%d %H:%M:%f000', day) AS at FROM instants)
"""

_EVENTS = """
INSERT INTO run_event (run_id, state, attempt, actor, detail, created_at, updated_at)
SELECT id, state, 1, 'worker', '', finished_at, finished_at FROM run ORDER BY id
"""


def many_runs(runs: int, *, days: float, now: str) -> None:
    """Fill an empty SQLite database with this many ended runs, the last one just before `now`.

    `now` is written as SQLite keeps instants: 2026-03-16 09:00:00.000000.
    """
    values = {"runs": runs, "days": days, "now": now, "tasks": TASKS}
    with transaction() as session:
        for statement in (_TASKS, _RUNS, _EVENTS):
            session.execute(text(statement), values)
