"""`orchestrator kit`: the reports of the starter kit, and tasks made of them."""

from collections.abc import Sequence

import click

from tasks.cli.command import Group, json_option
from tasks.cli.history import print_json
from tasks.cli.main import EXIT_FAILED
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Invalid
from tasks.kit.adding import Added, Adding, Fate, add_reports, chosen
from tasks.kit.report import KitReport, kit
from tasks.queries.by_name import source_named
from tasks.reports.render import Language
from tasks.settings import settings

WHO = "orchestrator kit"
SAID = {
    Fate.ADDED: "added, with its schedule switched off",
    Fate.UNCHANGED: "is there already and is unchanged",
    Fate.CHANGED: "not added: there is a task of it whose query or parameters were changed",
    Fate.TAKEN: "not added: another task has this name",
}
REFUSED = (Fate.CHANGED, Fate.TAKEN)

language_option = click.option(
    "--language",
    type=click.Choice([str(one) for one in Language]),
    help="Else that of the installation.",
)


@click.group("kit", cls=Group)
def cli() -> None:
    """List the reports of the starter kit, and make tasks of them."""


@cli.command("list")
@language_option
@json_option
def list_reports(language: str | None, as_json: bool) -> None:
    """List the reports of the kit."""
    reports = kit(_language(language))
    if as_json:
        print_json([_told(one) for one in reports])
        return
    for one in reports:
        click.echo(f"{one.slug:26}{one.area:12}{one.title}. {one.description}")


@cli.command("add")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Add every report.")
@click.option("--source", required=True, metavar="NAME", help="The database that they read.")
@language_option
@click.option("--recipients", multiple=True, metavar="ADDRESS", help="Who gets them by mail.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@json_option
def add(
    names: tuple[str, ...],
    everything: bool,
    source: str,
    language: str | None,
    recipients: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make tasks of reports of the kit.

    Each gets a suggested schedule that is switched off. What is there already stays as it is.
    Exits 1 where the task of a report was changed, or another task has its name.
    """
    chosen_language = _language(language)
    reports = _chosen(names, everything, chosen_language)
    addresses = tuple(one for given in recipients for one in given.replace(",", " ").split())
    added = _add(reports, source, chosen_language, addresses, dry_run=dry_run)
    if as_json:
        told = [{"report": one.report.slug, "task": one.slug, "fate": one.fate} for one in added]
        print_json({"dry_run": dry_run, "reports": told})
    else:
        for one in added:
            would = "would be " if dry_run and one.fate is Fate.ADDED else ""
            click.echo(f"{one.slug}: {would}{SAID[one.fate]}.")
    raise SystemExit(EXIT_FAILED if any(one.fate in REFUSED for one in added) else 0)


def _language(given: str | None) -> Language:
    return Language(given or settings().language)


def _chosen(names: Sequence[str], everything: bool, language: Language) -> list[KitReport]:
    if bool(names) == everything:
        raise Invalid("Name the reports to add, or give --all. “orchestrator kit list” names them.")
    return list(kit(language)) if everything else chosen(names, language)


def _add(
    reports: Sequence[KitReport],
    source: str,
    language: Language,
    recipients: tuple[str, ...],
    *,
    dry_run: bool,
) -> list[Added]:
    """Add them all or, for a dry run, add them and take it back."""
    with transaction() as session:
        how = Adding(source_named(session, source), language, utcnow(), WHO, recipients)
        attempt = session.begin_nested()
        added = add_reports(session, reports, how)
        if dry_run:
            attempt.rollback()
    return added


def _told(report: KitReport) -> dict[str, object]:
    return {
        "name": report.slug,
        "area": report.area,
        "title": report.title,
        "description": report.description,
        "parameters": [one["name"] for one in report.parameters],
        "schedule": report.schedule,
    }
