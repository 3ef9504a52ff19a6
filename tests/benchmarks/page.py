"""The pages as a person with a login uses them, without a network between."""

from collections.abc import Callable
from itertools import count

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
