"""`orchestrator user`: who may log in, and as what."""

import sys

import click

from tasks.accounts import change_password, create_user, normalised, set_email, set_role
from tasks.cli.command import Group, json_option
from tasks.cli.history import print_json
from tasks.db import reading, transaction
from tasks.models import Role
from tasks.queries.by_name import user_named, users

role_choice = click.Choice([str(role) for role in Role])
stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the standard input."
)


@click.group("user", cls=Group)
def cli() -> None:
    """Add and change users."""


@cli.command("add")
@click.argument("login")
@click.option("--role", type=role_choice, default=str(Role.VIEWER), show_default=True)
@click.option("--full-name", default="", metavar="NAME")
@click.option("--email", default="", metavar="ADDRESS", help="Where failures of tasks are told.")
@stdin_option
def add(login: str, role: str, full_name: str, email: str, password_stdin: bool) -> None:
    """Add a user."""
    password = read_password(from_stdin=password_stdin)
    with transaction() as session:
        user = create_user(session, login, password, Role(role), full_name)
        set_email(user, email)
        click.echo(f"Added {user.login} as {user.role}.")


@cli.command("passwd")
@click.argument("login")
@stdin_option
def passwd(login: str, password_stdin: bool) -> None:
    """Give a user a new password, and end what was opened with the old one."""
    with reading() as session:
        user_named(session, normalised(login))  # asked before the password is typed
    password = read_password(from_stdin=password_stdin)
    with transaction() as session:
        user = user_named(session, normalised(login))
        change_password(session, user, password)
        click.echo(f"{user.login} has a new password.")


@cli.command("role")
@click.argument("login")
@click.argument("role", type=role_choice)
def give_role(login: str, role: str) -> None:
    """Give a user another role."""
    with transaction() as session:
        user = user_named(session, normalised(login))
        set_role(session, user, Role(role))
        click.echo(f"{user.login} is now {user.role}.")


@cli.command("email")
@click.argument("login")
@click.argument("address", default="")
def give_email(login: str, address: str) -> None:
    """Say where a user is told of tasks; without an address, nowhere."""
    with transaction() as session:
        user = user_named(session, normalised(login))
        set_email(user, address)
        click.echo(
            f"{user.login} is told at {user.email}."
            if user.email
            else f"{user.login} has no address."
        )


@cli.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """List the users."""
    with reading() as session:
        found = session.scalars(users()).all()
    if as_json:
        names = ("login", "full_name", "role", "is_active", "email")
        print_json([{name: getattr(user, name) for name in names} for user in found])
        return
    for user in found:
        switched_off = "" if user.is_active else "  (off)"
        click.echo(f"{user.login:20} {user.role:10} {user.full_name}{switched_off}".rstrip())


def read_password(*, from_stdin: bool) -> str:
    """Return what is typed twice at the terminal, or the first line of the standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    return typed
