"""A person at a real web process: pages, forms with their token, one session by cookie."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.support.ports import own_port
from tests.support.stack import Processes, wait_for_start

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Person:
    """A browser of sorts; each call returns the page on which it ends."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self._opener.open(self._address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def token(self, path: str) -> str:
        """Return the CSRF token that a page holds."""
        found = TOKEN.search(self.get(path))
        assert found is not None, f"{path} holds no form"
        return found[1]

    def submit(self, path: str, *, token: str, **fields: str) -> str:
        """Send a form."""
        content = urlencode({"csrf_token": token} | fields).encode()
        with self._opener.open(self._address + path, content, timeout=20) as answer:
            return str(answer.read().decode())

    def log_in(self, login: str, password: str) -> None:
        page = self.submit("/login", token=self.token("/login"), login=login, password=password)
        assert "/logout" in page, "the login was refused"

    def answers(self) -> bool:
        """Whether the web process is there."""
        try:
            self.get("/healthz")
        except URLError:
            return False
        return True


@contextmanager
def web(processes: Processes) -> Iterator[str]:
    """Run a web process for the length of the block; yields its address."""
    bind = f"127.0.0.1:{own_port()}"
    process = processes.start("web", environment={"ORCHESTRATOR_WEB_BIND": bind})
    wait_for_start(process, Person(f"http://{bind}").answers, "the web process answers")
    try:
        yield f"http://{bind}"
    finally:
        processes.kill(process)
