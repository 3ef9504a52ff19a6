"""`orchestrator check-sql`: the guard's verdict on a report's SQL."""

from collections.abc import Collection

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import Json, print_json
from tasks.cli.main import EXIT_FAILED
from tasks.cli.run import parameters_of
from tasks.errors import Invalid
from tasks.reports.guard import Verdict, check


@click.command("check-sql", cls=Command)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "-p", "--param", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter that it has."
)
@json_option
def cli(file: str, pairs: tuple[str, ...], as_json: bool) -> None:
    """Say whether a report's SQL only reads, and what is wrong with it.

    FILE may be - for what is piped in. With --param, the query must have just these parameters.
    Exits 1 where the text is refused.
    """
    sql = _text_of(file)
    given = parameters_of(pairs)
    verdict = check(sql, parameters=given or None)
    _refuse_unused(given, [*verdict.parameters, *(["schema"] if "{schema}" in sql else [])])
    if as_json:
        print_json(_json(verdict))
    else:
        _print(verdict, file)
    raise SystemExit(0 if verdict.ok else EXIT_FAILED)


def _text_of(file: str) -> str:
    """Read UTF-8, with or without the mark that editors on Windows put first."""
    try:
        with click.open_file(file, "rb") as opened:
            text: str = opened.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("{name} is not UTF-8 text.", name=file) from error
    return text


def _refuse_unused(given: Collection[str], named: Collection[str]) -> None:
    for name in given:
        if name not in named:
            raise Invalid(
                "The query has no parameter “{name}”. It has: {known}.",
                name=name,
                known=", ".join(named) or "–",
            )


def _print(verdict: Verdict, name: str) -> None:
    for one in verdict.problems:
        click.echo(f"{name}:{one.line}:{one.column}: {one.message}")
    if verdict.ok:
        named = f" Parameters: {', '.join(verdict.parameters)}." if verdict.parameters else ""
        click.echo(f"{name}: one query that only reads.{named}")


def _json(verdict: Verdict) -> Json:
    return {
        "ok": verdict.ok,
        "problems": [
            {"line": one.line, "column": one.column, "message": one.message}
            for one in verdict.problems
        ],
        "parameters": list(verdict.parameters),
    }
