"""gunicorn's log, sent where the others go: `logs/web.log`, one line a request."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from tasks import log
from tasks.links import without_token


class WebLog(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Requests and errors as our own lines."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's handlers away and let its records reach the root's."""
        super().setup(cfg)
        log.configure("web")
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True

    def access(
        self, resp: Any, _req: Any, environ: Mapping[str, str], request_time: timedelta
    ) -> None:
        """Log one answered request, without its query, which may hold what somebody searched."""
        self.access_log.info(
            "request answered",
            extra={
                "method": environ["REQUEST_METHOD"],
                "path": without_token(environ["PATH_INFO"]),
                "status": resp.status_code,
                "ms": round(request_time.total_seconds() * 1000, 1),
                "bytes": resp.sent,
            },
        )
