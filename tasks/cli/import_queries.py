"""`orchestrator import-queries`: saved queries of Business One become tasks."""

from collections import Counter
from collections.abc import Collection, Sequence

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import Json, print_json
from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.folding import fold
from tasks.models import Source
from tasks.queries.by_name import source_named
from tasks.reports.guard import Problem
from tasks.reports.render import Language
from tasks.saved_queries.company import company_of
from tasks.saved_queries.converting import Converted, convert
from tasks.saved_queries.importing import Fate, Import, Imported, fates, import_queries
from tasks.saved_queries.reading import PAGE, Category, categories, look_into, queries
from tasks.settings import settings

WHO = "orchestrator import-queries"
WORDS = {
    Fate.NEW: "would be taken",
    Fate.TAKEN: "taken",
    Fate.UNCHANGED: "unchanged",
    Fate.CHANGED: "changed since",
    Fate.UPDATED: "updated",
    Fate.CANNOT: "not taken",
}


@click.command("import-queries", cls=Command)
@click.option("--source", required=True, metavar="NAME", help="The company's database.")
@click.option(
    "--category", "wanted", multiple=True, metavar="NAME", help="Only these; a name or a number."
)
@click.option("--update", is_flag=True, help="Give tasks the text that was changed since.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken.")
@json_option
def cli(source: str, wanted: tuple[str, ...], update: bool, dry_run: bool, as_json: bool) -> None:
    """Take over saved queries of SAP Business One as tasks.

    Each task is switched off and has no schedule. A query that was taken before is not taken twice:
    it is unchanged, or changed since, and then --update gives its task the new text.
    """
    row = _source(source)
    converted = _converted(row, wanted)
    imported = _import(converted, row, update=update, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "queries": [_json(one) for one in imported]})
        return
    for one in imported:
        click.echo("\n".join(_lines(one)))
    counts = Counter(WORDS[one.fate] for one in imported)
    told = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    click.echo(f"{len(imported)} saved queries: {told}." if imported else "No saved queries.")


def _source(slug: str) -> Source:
    with reading() as session:
        return source_named(session, slug)


def _converted(row: Source, wanted: Collection[str]) -> list[Converted]:
    """Read and turn them before any transaction of ours begins."""
    source, language = look_into(row), Language(settings().language)
    among = _numbers(categories(source), wanted) if wanted else ()
    found = queries(source, among=among)
    company = company_of(row)
    return [convert(one, company, language) for one in found]


def _numbers(known: Sequence[Category], wanted: Collection[str]) -> list[int]:
    found = []
    for name in wanted:
        meant = [one.number for one in known if fold(name) in (fold(one.name), str(one.number))]
        if not meant:
            raise Invalid(
                "There is no category “{name}” with saved queries. There are: {known}.",
                name=name,
                known=", ".join(one.name for one in known) or "–",
            )
        found += meant
    return found


def _import(
    converted: Sequence[Converted], row: Source, *, update: bool, dry_run: bool
) -> list[Imported]:
    """Take them a page at a time, so that whoever writes meanwhile waits for one page only."""
    how = Import(row, Language(settings().language), changed_by=WHO, update=update)
    imported: list[Imported] = []
    for at in range(0, len(converted), PAGE):
        some = converted[at : at + PAGE]
        if dry_run:
            with reading() as session:
                imported += fates(session, some, row)
        else:
            with transaction() as session:
                imported += import_queries(session, some, how)
    return imported


def _lines(one: Imported) -> list[str]:
    query = one.converted.query
    named = f" → {one.task}" if one.task else ""
    notes = [*one.converted.problems, *one.converted.changes]
    return [
        f"{WORDS[one.fate]:15}{query.number:>5}  {query.category}/{query.name}{named}",
        *([f"{'':22}{one.why}"] if one.why else []),
        *(f"{'':22}Line {note.line}: {note.message}" for note in notes),
    ]


def _json(one: Imported) -> Json:
    query, parameters = one.converted.query, one.converted.parameters
    return {
        "number": query.number,
        "category": query.category,
        "name": query.name,
        "outcome": one.converted.outcome,
        "fate": one.fate,
        "task": one.task or None,
        "parameters": [
            {"name": each.name, "type": each.type, "label": each.label} for each in parameters
        ],
        "changes": [_note(each) for each in one.converted.changes],
        "problems": [_note(each) for each in one.converted.problems],
        "why": one.why or None,
    }


def _note(note: Problem) -> Json:
    return {"line": note.line, "column": note.column, "message": note.message}
