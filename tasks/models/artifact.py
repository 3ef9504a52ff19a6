"""An artifact: a file that a run made, visible only once the run has finished."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tasks.kinds import ArtifactRole
from tasks.models.base import Base


class ArtifactStore(StrEnum):
    """Where the bytes of a file lie."""

    HOME = "home"
    """In the folder of artifacts."""
    REMOTE = "remote"
    """In the store that the installation names."""


class Artifact(Base):
    __tablename__ = "artifact"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    attempt: Mapped[int]
    role: Mapped[ArtifactRole] = mapped_column(default=ArtifactRole.FILE)
    part: Mapped[str] = mapped_column(String(200), default="")
    """Of a report that is split, whose rows it holds; empty for the file of all rows."""
    store: Mapped[ArtifactStore] = mapped_column(default=ArtifactStore.HOME)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(400))
    """Relative to the root of its store."""
    media_type: Mapped[str] = mapped_column(String(120))
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int | None] = mapped_column(BigInteger)


class Download(Base):
    """One load of a file by a person or by a signed link; written before the first byte goes."""

    __tablename__ = "download"

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    artifact_id: Mapped[int | None] = mapped_column(
        ForeignKey("artifact.id", ondelete="SET NULL"), index=True
    )
    delivery_id: Mapped[int | None] = mapped_column(
        ForeignKey("delivery.id", ondelete="SET NULL"), index=True
    )
    """The delivery whose link was used; None where a person loaded it from a page."""
    name: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(320))
    """The login name of the person, or the address that the link was sent to."""
    address: Mapped[str] = mapped_column(String(64), default="")
    """The network address that asked."""
