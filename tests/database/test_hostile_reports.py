"""Hostile cells, addresses, titles, templates and names do nothing, on the real way to people."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select, update

from tasks.channels.email import plain_letter, post
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.definitions import content_of, create_task
from tasks.deliveries import deliver
from tasks.encryption import new_key
from tasks.errors import Invalid
from tasks.kinds import ChannelKind
from tasks.models import Delivery, DeliveryState, Run, RunState, TaskDefinition
from tasks.runs.perform import perform
from tests.database.hostile import ADDRESSES, PATTERNS, TEMPLATES, TEXTS, TITLES
from tests.support.channels import a_channel, saved
from tests.support.databases import start_anew
from tests.support.factories import a_run, a_source, a_task
from tests.support.harmless import HEADERS, TAGS, Tags, check_file, check_headers
from tests.support.mail import Mailbox, smtp_server

ROWS = 'SELECT "ID", "KEY", "MAIL", "AMOUNT" FROM "T" ORDER BY "ID"'
TABLE = 'CREATE TABLE SBODEMOTR."T" ("ID" INTEGER, "KEY" VARCHAR, "MAIL" VARCHAR, "AMOUNT" DECIMAL)'


@dataclass
class World:
    """An installation with a share, a mail server, and what was sent."""

    place: Path
    mailbox: Mailbox
    by_key: dict[str, list[Delivery]]
    run: Run

    @property
    def share(self) -> Path:
        return self.place / "share"

    def letters_to(self, recipient: str) -> list[EmailMessage]:
        both = zip(self.mailbox.recipients, self.mailbox.letters, strict=True)
        return [letter for recipients, letter in both if recipient in recipients]


@pytest.fixture(scope="module")
def world(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """All hostile texts and addresses have gone through one run of a split report."""
    place = tmp_path_factory.mktemp("world")
    home = place / "home"
    home.mkdir()
    (place / "share").mkdir()
    shutil.copy(migrated_sqlite, home / "orchestrator.sqlite")
    with pytest.MonkeyPatch.context() as patch, smtp_server() as (url, mailbox):
        for name, value in {
            "HOME_DIR": str(home),
            "SECRET_KEY": "a key for tests only, never used elsewhere",
            "ENCRYPTION_KEYS": new_key(),
            "FOLDER_ROOTS": str(place),
            "RECIPIENT_DOMAINS": "example.com",
            "BROKER_URL": "redis://127.0.0.1:1/0",
            "SMTP_URL": url,
        }.items():
            patch.setenv(f"ORCHESTRATOR_{name}", value)
        start_anew()
        yield _world(place, mailbox)
        start_anew()


def _world(place: Path, mailbox: Mailbox) -> World:
    cells = [(key, f"k{n}@example.com") for n, key in enumerate(TEXTS.values())]
    cells += [(f"{n} address", mail) for n, (mail, _) in enumerate(ADDRESSES.values())]
    with duckdb.connect(place / "home" / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(TABLE)
        for n, (key, mail) in enumerate(cells):
            company.execute('INSERT INTO SBODEMOTR."T" VALUES (?, ?, ?, ?)', (n, key, mail, n))
    a_source()
    saved(a_channel(ChannelKind.FOLDER, "share", folder=str(place / "share"), name="{part}"))
    run, deliveries = sent(
        a_task(
            title="Sales",
            settings={
                "sql": ROWS,
                "formats": ["xlsx", "csv", "html", "json"],
                "subject": "{{ title }}: {{ part }}",
                "text": "For {{ part }}, {{ rows }} rows",
                "burst": {"column": "KEY", "address_from": "column", "address_column": "MAIL"},
                "mail": {"rows": 5, "html": True},
                "channels": [{"channel": "share", "part_files": True}],
            },
        )
    )
    assert run.state is RunState.SUCCEEDED, run.error
    by_key: dict[str, list[Delivery]] = {}
    for one in deliveries:
        by_key.setdefault(one.part, []).append(one)
    return World(place, mailbox, by_key, run)


def sent(task: TaskDefinition) -> tuple[Run, Sequence[Delivery]]:
    """Run the task and send what it planned."""
    run = a_run(task)
    perform(run.id, worker="worker-1")
    with transaction() as session:
        soon = {"lease_until": utcnow() + timedelta(seconds=60)}
        session.execute(update(Delivery).where(Delivery.run_id == run.id).values(**soon))
    for one in deliveries_of(run):
        deliver(one.id)
    with reading() as session:
        return session.get_one(Run, run.id), deliveries_of(run)


def deliveries_of(run: Run) -> Sequence[Delivery]:
    with reading() as session:
        mine = select(Delivery).where(Delivery.run_id == run.id).order_by(Delivery.id)
        return session.scalars(mine).all()


@pytest.mark.parametrize("what", TEXTS)
def test_a_hostile_cell_is_only_read(world: World, what: str) -> None:
    number = list(TEXTS).index(what)
    (letter,) = world.letters_to(f"k{number}@example.com")
    check_headers(letter)
    assert letter["To"] == f"k{number}@example.com"
    assert str(letter["Subject"]).startswith("Sales:")
    text, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert page is not None
    assert "1 rows" in text.get_content()
    assert not Tags(page.get_content()).found & TAGS
    files = list(letter.iter_attachments())
    assert len(files) == 4
    for file in files:
        check_file(file.get_filename() or "", file.get_payload(decode=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("what", TEXTS)
def test_the_files_of_a_hostile_part_lie_in_their_folder(world: World, what: str) -> None:
    number = list(TEXTS).index(what)
    mails = [one for several in world.by_key.values() for one in several]
    part = next(one.part for one in mails if one.recipient == f"k{number}@example.com")
    (placed,) = [one for one in world.by_key[part] if one.channel is ChannelKind.FOLDER]
    assert placed.state is DeliveryState.DELIVERED, placed.error
    told = placed.reason.removeprefix("The files lie at ").removesuffix(".")
    paths = [Path(str(world.share) + one) for one in told.split(str(world.share)) if one]
    names = [str(path).rstrip(", ") for path in paths]
    assert len(names) == 4
    for name in map(Path, names):
        assert name.parent == world.share
        assert name.is_file()
        assert not name.is_symlink()
        check_file(name.name, name.read_bytes())


def test_nothing_lies_anywhere_else(world: World) -> None:
    assert {one.name for one in world.place.iterdir()} == {"home", "share"}
    files = list(world.share.rglob("*"))
    assert all(one.is_file() and one.parent == world.share for one in files)
    placed = [one for several in world.by_key.values() for one in several]
    folders = [one for one in placed if one.channel is ChannelKind.FOLDER]
    assert len(files) == 4 * len(folders)
    assert not Path("evil-cell").exists()


@pytest.mark.parametrize("what", ADDRESSES)
def test_a_hostile_address_gets_no_mail_for_anybody_else(world: World, what: str) -> None:
    number, (_, allowed) = list(ADDRESSES).index(what), ADDRESSES[what]
    mails = [one for one in world.by_key[f"{number} address"] if one.channel is ChannelKind.EMAIL]
    assert mails
    arrived = [one.recipient for one in mails if one.state is DeliveryState.DELIVERED]
    assert arrived == allowed
    others = [one for one in mails if one.state is not DeliveryState.DELIVERED]
    assert {one.state for one in others} <= {DeliveryState.SUPPRESSED}
    assert all(one.reason for one in others)


def test_each_mail_went_to_the_one_whom_it_names(world: World) -> None:
    for recipients, letter in zip(world.mailbox.recipients, world.mailbox.letters, strict=True):
        (recipient,) = recipients
        assert recipient.endswith("@example.com")
        assert not recipient.startswith("thief@")
        assert letter["To"] == recipient
        check_headers(letter)


@pytest.mark.parametrize("what", TITLES)
def test_a_hostile_title_is_only_read(world: World, what: str) -> None:
    before = len(world.mailbox.letters)
    slug = f"title-{list(TITLES).index(what)}"
    task = a_task(slug, title=TITLES[what], settings=a_report())
    run, (delivery,) = sent(task)
    assert (run.state, delivery.state) == (RunState.SUCCEEDED, DeliveryState.DELIVERED)
    (letter,) = world.mailbox.letters[before:]
    assert world.mailbox.recipients[-1] == ["ayse@example.com"]
    check_headers(letter)
    for file in letter.iter_attachments():
        check_file(file.get_filename() or "", file.get_payload(decode=True))  # type: ignore[arg-type]


@pytest.mark.parametrize("what", TITLES)
def test_a_hostile_title_is_only_read_in_the_letter_of_a_failure(world: World, what: str) -> None:
    before = len(world.mailbox.letters)
    post(
        plain_letter(["b@example.com"], subject=TITLES[what], text="x", message_id="<1@x>"),
        ["b@example.com"],
    )
    (letter,) = world.mailbox.letters[before:]
    assert {name.lower() for name in letter} <= HEADERS
    assert world.mailbox.recipients[-1] == ["b@example.com"]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("field", ["subject", "text"])
@pytest.mark.parametrize("template", TEMPLATES, ids=range(len(TEMPLATES)))
def test_a_hostile_template_is_refused_when_it_is_saved(template: str, field: str) -> None:
    with pytest.raises(Invalid):
        save(a_report(**{field: template[:290] if field == "subject" else template}))


@pytest.mark.parametrize("template", TEMPLATES, ids=range(len(TEMPLATES)))
def test_a_hostile_template_that_was_kept_all_the_same_sends_nothing(
    world: World, template: str
) -> None:
    before = len(world.mailbox.letters)
    slug = f"template-{TEMPLATES.index(template)}"
    run, deliveries = sent(a_task(slug, settings=a_report(text=template)))
    assert run.state is RunState.FAILED
    assert not deliveries
    assert len(world.mailbox.letters) == before


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_a_hostile_pattern_of_names_is_refused_when_it_is_saved(pattern: str) -> None:
    with pytest.raises(Invalid):
        save(a_report(channels=[{"channel": "share", "name": pattern}]))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("setting", ["recipients", "cc", "bcc", "reply_to", "lines", "catch_all"])
@pytest.mark.parametrize("what", [one for one in ADDRESSES if one != "a percent route"])
def test_a_hostile_address_is_refused_when_it_is_typed(what: str, setting: str) -> None:
    address = ADDRESSES[what][0]
    burst = {"column": "KEY", "address_from": "lines", "lines": ["a = k@example.com"]}
    given: dict[str, dict[str, Any]] = {
        "recipients": {"recipients": [address]},
        "cc": {"mail": {"cc": [address]}},
        "bcc": {"mail": {"bcc": [address]}},
        "reply_to": {"mail": {"reply_to": address}},
        "lines": {"burst": burst | {"lines": [f"a = {address}"]}},
        "catch_all": {"burst": burst | {"catch_all": [address]}},
    }
    with pytest.raises(Invalid):
        save(a_report(**given[setting]))


def a_report(**values: Any) -> dict[str, Any]:
    given = {"source": "demo", "sql": 'SELECT 1 AS "N"', "formats": ["csv"]}
    return given | {"recipients": ["ayse@example.com"]} | values


def save(given: dict[str, Any]) -> None:
    with transaction() as session:
        content = content_of(slug="a-report", title="A report", settings=given)
        create_task(session, content, changed_by="ayse")
