"""The settings: read once from the environment, failing loudly with the variable's name."""

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from tasks.addresses import is_address
from tasks.errors import Invalid

PREFIX = "ORCHESTRATOR_"
SHORTEST_TOKEN = 16
ENCRYPTION_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
"""32 bytes in the letters of base64 that fit into an address."""


class Settings(BaseSettings):
    """Each setting is the environment variable `ORCHESTRATOR_<NAME>`; with `_FILE`, a file of it.

    What the environment leaves open is taken from `stack.json` of the home folder, which
    `orchestrator up` writes, and else from the defaults below.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    home_dir: Path = Path("var")
    database_url: str = ""
    broker_url: str = "redis://127.0.0.1:6379/0"
    broker_prefix: str = "orchestrator:"
    secret_key: SecretStr = SecretStr("")
    encryption_keys: SecretStr = SecretStr("")
    """Keys of what is kept encrypted, with commas between; the first one encrypts."""
    smtp_url: SecretStr = SecretStr("smtp://127.0.0.1:25")
    alert_mail: str = ""
    """Who is told of what is late or does not work: mail addresses, with commas between."""
    mail_from: str = "Task Orchestrator <orchestrator@localhost>"
    recipient_domains: str = ""
    """Domains that mail may go to, with commas between; `*.` before one means those below it."""
    web_url: str = "http://127.0.0.1:8000"
    web_bind: str = "127.0.0.1:8000"
    web_processes: int = Field(1, ge=1)
    web_threads: int = Field(16, ge=1)
    web_proxies: int = Field(0, ge=0)
    """How many proxies stand before the web; the addresses that these tell are believed."""
    cookie_secure: bool = False
    metrics_token: SecretStr = SecretStr("")
    """With it, /metrics answers other machines too; without, only this one."""
    http_allowed_hosts: str = ""
    """Hosts of the own network that the job `http_call` may call, with commas between."""
    folder_roots: str = ""
    """Folders that channels may put files into, with all that lies below; commas between."""
    timezone: str = "Europe/Istanbul"
    language: str = Field("en", pattern="^(en|tr)$")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    worker_slots: int = Field(2, ge=1)
    preview_seconds: int = Field(30, ge=1, le=300)
    """How long a query of the SQL editor may take."""
    lease_seconds: float = Field(20, gt=0)
    tick_seconds: float = Field(0.9, gt=0)
    """From one pass of the scheduler to the next; an edit counts within a second."""
    code_schedules: str = ""
    """A module, by its dotted path, whose list SCHEDULES declares schedules in code."""
    trigger_token: SecretStr = SecretStr("")
    """With it, other Celery applications may promise runs by the task `tasks.trigger`."""
    trigger_tasks: str = ""
    """Which tasks they may run: names, with commas between."""
    republish_seconds: float = Field(10, gt=0)
    """The first wait before a message that nobody claimed is sent again; it doubles each time."""
    stop_grace_seconds: float = Field(15, gt=0)
    """How long a job that has to stop may clean up before its process is ended."""
    soft_shutdown_seconds: float = Field(25, ge=0)
    """How long a worker that is stopped lets its runs go on; below the stop grace of systemd."""
    artifacts_url: str = ""
    """Where finished files are kept: s3://bucket/prefix or file:///share; empty for the home."""
    artifacts_key: SecretStr = SecretStr("")
    artifacts_secret: SecretStr = SecretStr("")
    artifacts_endpoint: str = ""
    """The address of a store that speaks S3 and is not Amazon's."""
    disk_free_megabytes: int = Field(500, ge=0)
    """With less room in the home folder no run begins on this machine; 0 for no such limit."""
    link_days: float = Field(7, gt=0, le=366)
    """For how many days a link to files works that went in the place of the files."""
    delivery_retry_seconds: float = Field(30, gt=0)
    """How long the second try of a delivery waits after the first; each wait doubles."""
    report_max_megabytes: int = Field(500, ge=1)
    """How large the files of one report may be together; past that its run fails."""
    broker_socket_timeout: float = Field(10, gt=0)
    broker_connect_timeout: float = Field(3, gt=0)
    broker_health_check_seconds: int = Field(10, ge=1)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value} is not a time zone name such as Europe/Istanbul") from error
        return value

    @field_validator("trigger_token")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"give at least {SHORTEST_TOKEN} characters that nobody can guess")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _keys(cls, value: SecretStr) -> SecretStr:
        for key in _listed(value.get_secret_value()):
            if not ENCRYPTION_KEY.fullmatch(key):
                raise ValueError("give keys as “orchestrator secrets key” prints them")
        return value

    @field_validator("folder_roots")
    @classmethod
    def _whole_paths(cls, value: str) -> str:
        for root in _listed(value):
            if not Path(root).is_absolute() or ".." in Path(root).parts:
                raise ValueError(f"{root} is not the whole path of a folder")
        return value

    @field_validator("alert_mail")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for one in value.split(","):
            if one.strip() and not is_address(one.strip()):
                raise ValueError(f"{one.strip()} is not a mail address")
        return value

    @field_validator("artifacts_url")
    @classmethod
    def _store(cls, value: str) -> str:
        if value and not value.startswith(("s3://", "file:///")):
            raise ValueError("give s3://bucket/prefix or file:///a/folder")
        if value.startswith("s3:") and "@" in value:
            raise ValueError("a key has no place in it: set ORCHESTRATOR_ARTIFACTS_KEY and _SECRET")
        return value

    @field_validator("recipient_domains")
    @classmethod
    def _domains(cls, value: str) -> str:
        for one in _listed(value):
            domain = one.removeprefix("*.")
            if not is_address(f"somebody@{domain}") or "*" in domain:
                raise ValueError(f"{one} is not a domain such as example.com or *.example.com")
        return value

    @field_validator("home_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @property
    def database(self) -> str:
        """The URL of our own database; without a setting, SQLite in the home folder."""
        return self.database_url or f"sqlite:///{self.home_dir / 'orchestrator.sqlite'}"

    @property
    def http_allowed(self) -> frozenset[str]:
        return frozenset(_listed(self.http_allowed_hosts.lower()))

    @property
    def recipients_within(self) -> frozenset[str]:
        """The domains that mail may go to; empty where it may go everywhere."""
        return frozenset(_listed(self.recipient_domains.lower()))

    @property
    def all_folder_roots(self) -> list[Path]:
        return [Path(root) for root in _listed(self.folder_roots)]

    @property
    def all_encryption_keys(self) -> list[str]:
        return _listed(self.encryption_keys.get_secret_value())

    @property
    def artifacts_dir(self) -> Path:
        return self.home_dir / "artifacts"

    @property
    def logs_dir(self) -> Path:
        return self.home_dir / "logs"

    @property
    def seen_seconds(self) -> float:
        """How often a worker says that it is alive."""
        return min(5.0, self.lease_seconds / 4)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (pydantic's signature)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = InitSettingsSource(settings_cls, _from_files())
        stack = InitSettingsSource(settings_cls, _from_stack())
        return init_settings, env_settings, files, dotenv_settings, stack


def _listed(text: str) -> list[str]:
    """Return what stands between the commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


def _from_files() -> dict[str, Any]:
    """Return the settings whose `ORCHESTRATOR_<NAME>_FILE` names a file."""
    found = {}
    for variable, name in os.environ.items():
        if variable.startswith(PREFIX) and variable.endswith("_FILE"):
            try:
                found[variable[len(PREFIX) : -5].lower()] = Path(name).read_text("utf-8").strip()
            except OSError as error:
                raise Invalid(f"{variable}: the file cannot be read ({error.strerror}).") from error
    return found


def _from_stack() -> dict[str, Any]:
    """Return what `orchestrator up` wrote about its parts, or nothing where it never ran."""
    path = Path(os.environ.get(f"{PREFIX}HOME_DIR", "var")) / "stack.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        why = first["msg"].removeprefix("Value error, ")
        raise Invalid(f"{name}: {why}.") from error
