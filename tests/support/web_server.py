"""A web server on this machine that remembers what it was asked."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Question:
    """One request, as it came over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Asked(BaseHTTPRequestHandler):
    """Remembers the question, and lets the server's `answer` write what comes back."""

    server: "WebServer"

    def _ask(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.questions.append(Question(self.command, self.path, headers, body))
        self.server.answer(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _ask  # noqa: N815

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the questions are remembered."""

    def say(self, status: int, text: bytes = b"", kind: str = "text/plain", **more: str) -> None:
        """Answer with a text."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)


class WebServer(ThreadingHTTPServer):
    """Serves until its block is left; `answer` says what comes back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.questions: list[Question] = []
        self.answer: Callable[[Asked], None] = lambda asked: asked.say(200, b"well")
        self.scheme = "http"

    def handle_error(self, *_arguments: object) -> None:
        """Say nothing of a line that a test has cut."""

    def url(self, path: str = "/", *, host: str = "localhost") -> str:
        """Return the address of a page."""
        return f"{self.scheme}://{host}:{self.server_port}{path}"

    def speak_tls(self, certificate: Path, key: Path) -> None:
        """Answer by https from now on."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.scheme = "https"


@contextmanager
def web_server() -> Iterator[WebServer]:
    """Run a server while the block runs."""
    with WebServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
