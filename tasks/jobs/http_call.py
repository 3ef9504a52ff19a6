"""The job `http_call`: one call to another machine, its answer as a file."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from tasks.errors import ErrorKind, JobError, mark
from tasks.http.filling import escape_for, fill, in_url
from tasks.http.headers import check_header, content_type, headers_of
from tasks.http.target import Target, check_url
from tasks.jobs.registry import JobContext, JobResult, ReportFile, job
from tasks.jobs.values import in_words, values_of
from tasks.reports.parameters import bound_values, definitions_of
from tasks.runs.files import publish_file

NOT_NOW = (429, 502, 503, 504)
NOT_ALLOWED = (401, 403, 407)

SUFFIXES = {
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
}
"""What else comes back is kept as bytes, so that no browser takes a foreign page for ours."""


class Method(StrEnum):
    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"
    HEAD = "HEAD"


@job(
    "http_call",
    title=mark("HTTP call"),
    about=mark("Calls an address, and keeps the answer as a file."),
)
def http_call(
    context: JobContext,
    *,
    url: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2_000,
            title=mark("Address"),
            description=mark("{name} stands for a parameter of the task, {date} for its day."),
        ),
        AfterValidator(check_url),
    ],
    method: Annotated[Method, Field(title=mark("Method"))] = Method.POST,
    headers: Annotated[
        list[Annotated[str, Field(max_length=4_000), AfterValidator(check_header)]],
        Field(
            default_factory=list,
            max_length=50,
            title=mark("Headers"),
            description=mark("One a line, such as Accept: text/csv."),
        ),
    ],
    body: Annotated[
        str,
        Field(
            max_length=100_000,
            title=mark("Text to send"),
            description=mark("{name} stands for a parameter of the task, {date} for its day."),
        ),
    ] = "",
    expected: Annotated[
        list[Annotated[int, Field(ge=100, le=599)]],
        Field(
            default_factory=lambda: [200, 201, 202, 204],
            min_length=1,
            max_length=20,
            title=mark("Answers that count as success"),
        ),
    ],
    answer_seconds: Annotated[
        int, Field(ge=1, le=3_600, title=mark("Seconds to wait for the answer"))
    ] = 60,
) -> JobResult:
    """Fill in the parameters, call, and judge the answer by its number."""
    from tasks.http.exchange import call  # urllib3, which only a call needs

    values = _values(context)
    target = Target.of(fill(url, values, in_url))
    sent = {"user-agent": "Task-Orchestrator"} | headers_of(headers)
    kind = content_type(sent, body)
    text = fill(body, values, escape_for(kind))
    if body:
        sent["content-type"] = kind
    context.log.info("call started", extra={"host": target.authority, "method": method.value})
    path = context.folder / "answer.part"
    answer = call(
        target,
        method.value,
        headers=sent,
        body=text.encode(),
        seconds=answer_seconds,
        into=path,
        check=context.check,
    )
    context.log.info("answer came", extra={"status": answer.status, "bytes": answer.bytes})
    if answer.status not in expected:
        raise _unexpected(target, answer.status, expected)
    return JobResult(files=_kept(context, path, answer.media_type, answer.bytes))


def _values(context: JobContext) -> dict[str, object]:
    """Return what the placeholders stand for; a parameter counts before a word of ours."""
    meant = context.scheduled_for
    definitions = definitions_of(context.parameter_definitions)
    ours: dict[str, object] = {
        "task": context.slug,
        "title": context.title,
        "date": meant.date().isoformat(),
        "scheduled_for": meant.isoformat(),
    }
    values = values_of(context, definitions)
    told = {name: in_words(one) if isinstance(one, tuple) else one for name, one in values.items()}
    return {**ours, **bound_values(told)}


def _unexpected(target: Target, status: int, expected: list[int]) -> JobError:
    wanted = ", ".join(map(str, expected))
    if 300 <= status < 400:
        return JobError(
            "{host} answered {status}: it wants to be asked elsewhere. Give the final address.",
            kind=ErrorKind.JOB,
            host=target.authority,
            status=status,
        )
    kind = ErrorKind.JOB
    if status in NOT_NOW:
        kind = ErrorKind.SOURCE_UNREACHABLE
    elif status in NOT_ALLOWED:
        kind = ErrorKind.SOURCE_REFUSED
    return JobError(
        "{host} answered {status} and not {wanted}.",
        kind=kind,
        transient=status in NOT_NOW,
        host=target.authority,
        status=status,
        wanted=wanted,
    )


def _kept(context: JobContext, path: Path, kind: str, size: int) -> tuple[ReportFile, ...]:
    if size == 0:
        path.unlink()
        return ()
    suffix = SUFFIXES.get(kind, ".bin")
    name = f"{context.slug}-{context.scheduled_for:%Y-%m-%d-%H%M}{suffix}"
    publish_file(path, path.with_name(name))
    media_type = kind if kind in SUFFIXES else "application/octet-stream"
    return (ReportFile(path.with_name(name), media_type),)
