"""The form of a source; what stands in the field of the password is never sent back."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from flask import request

from tasks.errors import Invalid
from tasks.models import Source, SourceKind
from tasks.sources.editing import SourceContent
from webui.forms import Form, shown, typed, whole_number

COMMON = ("title", "slug", "version", "max_running", "companies", "quiet_from", "quiet_to")
LIMITS = ("connect_seconds", "query_seconds")
TEXTS = {
    SourceKind.HANA: (
        "address", "port", "instance", "database", "user", "schema", "certificate", *LIMITS,
    ),
    SourceKind.SQL: ("url", "schema", *LIMITS),
    SourceKind.DUCKDB: ("file", "schema"),
}  # fmt: skip
CHECKS = {
    SourceKind.HANA: ("encrypt", "validate_certificate"),
    SourceKind.SQL: (),
    SourceKind.DUCKDB: (),
}
USUAL = {"connect_seconds": "10", "query_seconds": "600", "encrypt": True}
USUAL |= {"validate_certificate": True}


@dataclass
class SourceForm(Form):
    """What was typed about a source of one kind."""

    kind: SourceKind = SourceKind.HANA
    password: str = field(default="", repr=False)

    @classmethod
    def empty(cls, kind: SourceKind) -> "SourceForm":
        """The form of a source that does not exist yet."""
        form = cls(kind=kind, values=dict.fromkeys((*COMMON, *TEXTS[kind]), ""))
        form.values |= {name: USUAL[name] for name in (*LIMITS, *CHECKS[kind])}
        form.values |= {"is_active": True, "password": ""}
        return form

    @classmethod
    def of(cls, source: Source) -> "SourceForm":
        """The form of a source as it is, without its password."""
        form = cls.empty(source.kind)
        for name in ("title", "slug", "version", "max_running", "is_active"):
            form.values[name] = shown(getattr(source, name))
        for name in (*TEXTS[source.kind], *CHECKS[source.kind]):
            form.values[name] = shown(source.settings.get(name))
        form.values["companies"] = "\n".join(source.companies)
        for name in ("quiet_from", "quiet_to"):
            at: time | None = getattr(source, name)
            form.values[name] = f"{at:%H:%M}" if at else ""
        return form

    @classmethod
    def typed(cls, kind: SourceKind) -> "SourceForm":
        """The form as it was sent."""
        form = cls(kind=kind, values={name: typed(name) for name in (*COMMON, *TEXTS[kind])})
        form.values |= {name: name in request.form for name in ("is_active", *CHECKS[kind])}
        form.values["password"] = ""
        form.password = typed("password")
        return form

    @property
    def says_more(self) -> bool:
        """Whether there is something to see in the part that is rarely used."""
        rare = {"max_running", "quiet_from", "quiet_to", "companies"}
        return any(self.text(name) for name in rare) or bool(
            (rare | {*LIMITS}) & self.errors.keys()
        )

    def content(self) -> SourceContent:
        """Return what a person decides about a source; raises Invalid."""
        settings: dict[str, Any] = {
            name: text for name in TEXTS[self.kind] if (text := self.text(name))
        }
        settings |= {name: self.values[name] for name in CHECKS[self.kind]}
        return SourceContent(
            title=self.text("title"),
            kind=self.kind,
            settings=settings,
            password=self.password,
            max_running=self._number("max_running"),
            companies=self.lines("companies"),
            quiet_from=self._time("quiet_from"),
            quiet_to=self._time("quiet_to"),
            is_active=self.values["is_active"],
        )

    def _number(self, name: str) -> int | None:
        text = self.text(name)
        number = whole_number(text)
        if text and number is None:
            raise Invalid("“{text}” is not a whole number.", field=name, text=text)
        return number

    def _time(self, name: str) -> time | None:
        text = self.text(name)
        try:
            return time.fromisoformat(text).replace(tzinfo=None) if text else None
        except ValueError:
            raise Invalid("“{given}” is no time such as 22:30.", field=name, given=text) from None
