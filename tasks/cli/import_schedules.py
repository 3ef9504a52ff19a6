"""`orchestrator import-schedules`: take over the schedules of another scheduler for Celery."""

from collections.abc import Sequence

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import Json, print_json
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Invalid
from tasks.importing.importing import Fate, Import, Imported, import_schedules
from tasks.importing.tables import LAYOUTS, Periodic, read_periodic
from tasks.scheduling.instants import zone
from tasks.scheduling.words import in_words

WORDS = {Fate.TAKEN: "taken", Fate.TAKEN_BEFORE: "taken before", Fate.NOT_TAKEN: "not taken"}


@click.command("import-schedules", cls=Command)
@click.option("--from", "package", required=True, type=click.Choice(list(LAYOUTS)))
@click.argument("url")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@click.option(
    "--task", "pairs", multiple=True, metavar="OLD=NAME", help="The task for a Celery task."
)
@click.option(
    "--naive-timezone",
    default="UTC",
    show_default=True,
    metavar="TZ",
    help="The zone of instants that are kept without one.",
)
@json_option
def cli(
    package: str,
    url: str,
    dry_run: bool,
    pairs: tuple[str, ...],
    naive_timezone: str,
    as_json: bool,
) -> None:
    """Take over the schedules of another scheduler.

    Says which it took from the database at URL, which not, and why. That database is only read.
    What was taken before is not taken twice. Nothing fires because of it: each schedule counts
    from now.
    """
    how = Import(package, _slugs(pairs), zone(naive_timezone), utcnow())
    found = read_periodic(package, url)
    imported = _import(found, how, dry_run=dry_run)
    if as_json:
        told = [_json(one, dry_run=dry_run) for one in imported]
        print_json({"dry_run": dry_run, "schedules": told})
        return
    for one in imported:
        click.echo(_line(one))
    taken = sum(one.fate is Fate.TAKEN for one in imported)
    done = "would be taken" if dry_run else "taken"
    click.echo(f"{taken} of {len(imported)} {done}.")


def _slugs(pairs: tuple[str, ...]) -> dict[str, str]:
    slugs = {}
    for pair in pairs:
        old, equals, slug = pair.rpartition("=")
        if not (equals and old and slug):
            raise Invalid("“{pair}” names no task: write it as OLD=NAME.", pair=pair)
        slugs[old] = slug
    return slugs


def _import(found: Sequence[Periodic], how: Import, *, dry_run: bool) -> list[Imported]:
    """Import all or, for a dry run, import and take it back."""
    with transaction() as session:
        attempt = session.begin_nested()
        imported = import_schedules(session, found, how)
        if dry_run:
            session.expunge_all()  # what is told of a schedule outlives its row
            attempt.rollback()
    return imported


def _line(one: Imported) -> str:
    line = f"{WORDS[one.fate]:13}{one.id:>5}  {one.name} ({one.celery_task})"
    if one.fate is Fate.TAKEN and one.schedule is not None:
        line += f" → {one.task}: {in_words(one.schedule, 'en')}, {one.schedule.timezone}"
    why = "; ".join([one.why, *one.notes] if one.why else one.notes)
    return f"{line}. {why[0].upper()}{why[1:]}" if why else line


def _json(one: Imported, *, dry_run: bool) -> Json:
    kept = one.schedule if not dry_run or one.fate is Fate.TAKEN_BEFORE else None
    return {
        "id": one.id,
        "name": one.name,
        "celery_task": one.celery_task,
        "fate": one.fate,
        "task": one.task,
        "schedule": kept.id if kept else None,
        "kind": one.schedule.kind if one.schedule else None,
        "why": one.why,
        "notes": one.notes,
    }
