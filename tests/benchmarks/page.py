"""The pages as a person with a login uses them, without a network between."""

import time
from collections.abc import Callable
from itertools import count
from typing import Any

from tasks.accounts import create_user
from tasks.db import transaction
from tasks.models import Role, TaskDefinition
from tests.web.conftest import PASSWORD, Browser
from webui import create_app


class LoggedIn:
    """A logged-in person's browser."""

    def __init__(self) -> None:
        app = create_app()
        app.test_client_class = Browser
        with transaction() as session:
            create_user(session, "benchmark", PASSWORD, Role.ADMIN)
        browser = app.test_client()
        assert isinstance(browser, Browser)
        self.browser = browser
        assert self.browser.log_in("benchmark").status_code == 303
        self._keys = count()
        self.arrived_at = 0
        """When the last request reached the application, in nanoseconds."""
        self._inner = app.wsgi_app
        app.wsgi_app = self._note_arrival  # type: ignore[method-assign]  # the way Flask documents

    def _note_arrival(self, environ: Any, start_response: Any) -> Any:
        self.arrived_at = time.monotonic_ns()
        return self._inner(environ, start_response)

    def click_of(self, task: TaskDefinition) -> Callable[[], None]:
        """Return the click on "Run now" in the form that is open: what is sent, and when."""
        path = f"/tasks/{task.slug}/runs"
        fields = {
            "csrf_token": self.browser.token(f"{path}/new"),
            "request_key": f"click-{next(self._keys)}",
        }

        def click() -> None:
            assert self.browser.post(path, data=fields).status_code == 303

        return click
