"""The content security policy and the other headers of every answer."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
A_YEAR = "max-age=31536000"
VARIES = ("HX-Request", "HX-Request-Type", "Cookie")


def init_app(app: Flask, *, https_only: bool) -> None:
    """Put the headers on every answer; `https_only` where browsers reach us by https alone."""

    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if https_only:
            response.headers["Strict-Transport-Security"] = A_YEAR
        response.headers.setdefault("Cache-Control", "no-store")
        if request.endpoint != "static":
            response.vary.update(VARIES)
        return response

    app.after_request(protect)
