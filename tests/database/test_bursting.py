"""A run that is split among 500 recipients: its files and deliveries appear at once."""

import time
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import duckdb
from pypdfium2 import PdfDocument
from sqlalchemy import func, select

from tasks.db import reading
from tasks.models import Artifact, Delivery, DeliveryState, RunState
from tasks.queries.parts_of_run import PAGE, parts_page
from tasks.queries.run_story import run_story
from tasks.reports.bursting.parts import MOST_PARTS
from tasks.runs.files import artifact_path
from tasks.runs.perform import perform
from tests.jobs.bursting import SQL
from tests.support.factories import a_run, a_source, a_task
from tests.support.rows import now

BURST = {"column": "Region", "address_column": "Mail"}
HOSTILE = """
SELECT * FROM (VALUES
    ('a' || chr(10) || 'b', 1, 'x' || chr(13) || chr(10) || 'Bcc:y@z.com'),
    (repeat('k', 300), 2, repeat('m', 400) || '1'),
    (repeat('k', 300), 3, repeat('m', 400) || '2'),
    ('😀', 4, 'ayse@şirket.com'),
    ('../x', 5, '<script>@x'),
    ('(nobody)', 6, 'a@example.com'),
    ('', 7, NULL)
) AS t("Region", "N", "Mail")"""
LONGEST_SECONDS = 60.0
"""Far above what it takes; a statement a row would take longer."""


def company(home: Path, query: str) -> None:
    """Fill the table T from a query."""
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute("CREATE SCHEMA SBODEMOTR")
        demo.execute(f'CREATE TABLE SBODEMOTR."T" AS {query}')


def words_of(path: Path) -> str:
    """Return what stands in a file, out of its packing."""
    if path.suffix == ".xlsx":
        with ZipFile(path) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    if path.suffix == ".pdf":
        with closing(PdfDocument(path)) as document:
            return " ".join(page.get_textpage().get_text_range() for page in document)
    if path.suffix == ".parquet":
        return str(duckdb.read_parquet(str(path)).fetchall())
    return path.read_text("utf-8")


def test_500_parts_are_there_with_the_end_of_the_run_and_its_page_stays_small(
    database: str, home: Path
) -> None:
    a_source()
    company(
        home,
        f"""SELECT 'r' || (range % {MOST_PARTS}) AS "Region", range AS "N",
        'p' || (range % {MOST_PARTS}) || '@example.com' AS "Mail" FROM range(5000)""",
    )
    formats = ["csv", "json"]
    task = a_task(settings={"sql": SQL, "formats": formats, "burst": BURST})
    run = a_run(task)
    began = time.monotonic()
    perform(run.id, worker="worker-1")
    assert time.monotonic() - began < LONGEST_SECONDS
    assert now(run).state is RunState.SUCCEEDED
    with reading() as session:
        states = dict(
            session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
        )
        files = session.scalar(select(func.count()).select_from(Artifact))
        rows = session.scalar(select(func.sum(Artifact.rows)).where(Artifact.part != ""))
        story = run_story(session, run.id)
        page = parts_page(session, now(run))
    assert states == {DeliveryState.QUEUED: MOST_PARTS}
    assert files == (MOST_PARTS + 1) * len(formats)
    assert rows == 5000 * len(formats)
    assert (len(story.files), story.parts, len(story.deliveries)) == (2, MOST_PARTS, 20)
    assert story.sent.all == MOST_PARTS
    assert (len(page.parts), page.fitting) == (PAGE, MOST_PARTS)
    folder = artifact_path(story.files[0]).parent
    assert len(list(folder.iterdir())) == files


def test_whatever_stands_in_the_column_of_addresses_can_be_kept(database: str, home: Path) -> None:
    a_source()
    company(home, HOSTILE)
    run = a_run(a_task(settings={"sql": SQL, "formats": ["csv"], "burst": BURST}))
    perform(run.id, worker="worker-1")
    ended = now(run)
    assert (ended.state, ended.error) == (RunState.SUCCEEDED, None)
    with reading() as session:
        sent = session.scalars(select(Delivery).filter_by(state=DeliveryState.QUEUED)).all()
        names = session.scalars(select(Artifact.name)).all()
        held = session.scalars(select(Artifact.part)).all()
    assert [(one.recipient, one.part) for one in sent] == [("a@example.com", "(nobody)'")]
    assert set(held) >= {"", "(nobody)", "(nobody)'"}
    assert all("/" not in name and ".." not in name for name in names)


def test_a_run_over_the_most_parts_fails_and_nothing_of_it_is_kept(
    database: str, home: Path
) -> None:
    a_source()
    company(
        home, 'SELECT range AS "Region", range AS "N", \'a@example.com\' AS "Mail" FROM range(501)'
    )
    run = a_run(a_task(settings={"sql": SQL, "burst": BURST}, max_attempts=3))
    perform(run.id, worker="worker-1")
    ended = now(run)
    assert ended.state is RunState.FAILED
    assert ended.error is not None
    assert "more than 500 different values" in ended.error
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        assert session.scalar(select(func.count()).select_from(Artifact)) == 0


def test_a_row_goes_to_no_other_recipient_than_its_own(database: str, home: Path) -> None:
    a_source()
    company(
        home,
        """SELECT 'secret' || (range % 7) AS "Region", range AS "N",
        'p' || (range % 7) || '@example.com' AS "Mail" FROM range(700)""",
    )
    every = ["xlsx", "csv", "html", "json", "parquet", "pdf"]
    run = a_run(a_task(settings={"sql": SQL, "formats": every, "burst": BURST}))
    perform(run.id, worker="worker-1")
    with reading() as session:
        files = session.scalars(select(Artifact).where(Artifact.part != "")).all()
    assert len(files) == 7 * len(every)
    for one in files:
        text = words_of(artifact_path(one))
        assert {name for name in (f"secret{n}" for n in range(7)) if name in text} == {one.part}
