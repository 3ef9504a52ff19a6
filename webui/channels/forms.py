"""The form of a channel; what stands in the fields of its secrets is never sent back."""

from dataclasses import dataclass, field
from typing import Any

from flask import request

from tasks.channels.editing import ChannelContent
from tasks.channels.settings_secret import NAMES
from tasks.errors import OrchestratorError
from tasks.kinds import ChannelKind
from tasks.models import Channel
from webui.forms import Form, shown, typed

COMMON = ("title", "slug", "version")
TEXTS = {
    ChannelKind.EMAIL: (
        "host", "port", "security", "user", "from_address", "from_name", "reply_to",
        "per_minute", "max_megabytes",
    ),
    ChannelKind.FOLDER: ("folder", "name", "existing"),
    ChannelKind.SFTP: ("host", "port", "user", "login", "folder", "name", "existing"),
    ChannelKind.WEBHOOK: (),
    ChannelKind.TEAMS: ("link",),
    ChannelKind.SLACK: ("link",),
}  # fmt: skip
CHECKS = {ChannelKind.WEBHOOK: ("files",)}
USUAL = {
    ChannelKind.EMAIL: {"port": "587", "security": "starttls", "max_megabytes": "20"},
    ChannelKind.FOLDER: {"name": "{name}", "existing": "replace"},
    ChannelKind.SFTP: {
        "port": "22", "login": "password", "folder": ".", "name": "{name}", "existing": "replace",
    },
    ChannelKind.TEAMS: {"link": "run"},
    ChannelKind.SLACK: {"link": "run"},
}  # fmt: skip
SECRET = "secret_"  # noqa: S105 (how the controls begin; no page offers what they hold again)


@dataclass
class ChannelForm(Form):
    """What was typed about a channel of one kind."""

    kind: ChannelKind = ChannelKind.FOLDER
    secrets: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def empty(cls, kind: ChannelKind) -> "ChannelForm":
        """The form of a channel that does not exist yet."""
        form = cls(kind=kind, values=dict.fromkeys((*COMMON, *TEXTS[kind]), ""))
        form.values |= USUAL.get(kind, {})
        form.values |= dict.fromkeys(CHECKS.get(kind, ()), False)
        form.values |= {f"{SECRET}{name}": "" for name in NAMES[kind]}
        form.values["is_active"] = True
        return form

    @classmethod
    def of(cls, channel: Channel) -> "ChannelForm":
        """The form of a channel as it is, without its secrets."""
        form = cls.empty(channel.kind)
        for name in (*COMMON, "is_active"):
            form.values[name] = shown(getattr(channel, name))
        for name in (*TEXTS[channel.kind], *CHECKS.get(channel.kind, ())):
            form.values[name] = shown(channel.settings.get(name))
        return form

    @classmethod
    def typed(cls, kind: ChannelKind) -> "ChannelForm":
        """The form as it was sent."""
        form = cls.empty(kind)
        form.values |= {name: typed(name) for name in (*COMMON, *TEXTS[kind])}
        checks = ("is_active", *CHECKS.get(kind, ()))
        form.values |= {name: name in request.form for name in checks}
        form.secrets = {name: typed(f"{SECRET}{name}") for name in NAMES[kind]}
        return form

    def content(self) -> ChannelContent:
        """Return what a person decides about a channel; a text that is empty is the usual one."""
        settings: dict[str, Any] = {
            name: text for name in TEXTS[self.kind] if (text := self.text(name))
        }
        settings |= {name: self.values[name] for name in CHECKS.get(self.kind, ())}
        return ChannelContent(
            title=self.text("title"),
            kind=self.kind,
            settings=settings,
            secrets=self.secrets,
            is_active=self.values["is_active"],
        )

    def control_of(self, error: OrchestratorError) -> str:
        """Return the control that the error is about; one of a secret is called otherwise."""
        name = getattr(error, "field", None) or ""
        return f"{SECRET}{name}" if name in NAMES[self.kind] else super().control_of(error)
