"""People who use the stack of the browser tests, and their passwords."""

import subprocess

from tests.engine.running_stack import CHECKOUT, COMMAND, RunningStack, clean_environment

PASSWORD = "a long walk by the sea"


def a_person(site: RunningStack, login: str, role: str) -> str:
    """Add somebody who may log in, and return the password."""
    subprocess.run(
        [*COMMAND, "user", "add", login, "--role", role, "--password-stdin"],
        env=clean_environment() | {"ORCHESTRATOR_HOME_DIR": str(site.home)},
        cwd=CHECKOUT,
        input=PASSWORD,
        text=True,
        check=True,
    )
    return PASSWORD
