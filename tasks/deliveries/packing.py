"""What goes with a delivery: the files of its part, and where its recipient stops the mails."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from tasks.channels.errors import Refused
from tasks.channels.parcel import Parcel
from tasks.db import reading
from tasks.deliveries.claiming import Claimed
from tasks.deliveries.planning import FILES
from tasks.kinds import ArtifactRole, ChannelKind
from tasks.models import Artifact
from tasks.reports.mail.settings import Attach
from tasks.settings import settings
from tasks.unsubscribing import stop_url, who_stopped


class Packing:
    """Makes parcels; what is the same for many deliveries of a run is looked up once."""

    def __init__(self) -> None:
        self._of: tuple[int, str] = (0, "")
        self._found: Sequence[Artifact] = ()
        self._stopped: Collection[str] = ()

    def parcel(self, claimed: Claimed) -> Parcel:
        """Return all that goes; raises Refused where its files are kept no more."""
        delivery = claimed.delivery
        found = self._artifacts(claimed)
        files = [one for one in found if one.role is ArtifactRole.FILE]
        wanted = delivery.target.get("attach") != Attach.NONE
        if wanted and len(files) < delivery.target.get(FILES, 0):
            raise Refused(
                "The files of this run are no longer kept, so it cannot be sent again. Run the "
                "task again."
            )
        is_mail = delivery.channel is ChannelKind.EMAIL
        offers = is_mail and not claimed.is_trial and settings().secret_key.get_secret_value()
        return Parcel(
            delivery,
            files=files,
            pictures=[one for one in found if one.role is ArtifactRole.PICTURE],
            title=claimed.title,
            stop_url=stop_url(claimed.task_id, delivery.recipient) if offers else "",
            stopped=self._stopped,
        )

    def _artifacts(self, claimed: Claimed) -> Sequence[Artifact]:
        delivery = claimed.delivery
        wanted = (delivery.run_id, delivery.part)
        if self._of != wanted:
            of_part = select(Artifact).where(
                Artifact.run_id == delivery.run_id,
                Artifact.attempt == claimed.attempt,
                Artifact.part == delivery.part,
                Artifact.role.in_((ArtifactRole.FILE, ArtifactRole.PICTURE)),
            )
            with reading() as session:
                self._found = session.scalars(of_part.order_by(Artifact.id)).all()
                self._stopped = who_stopped(session, claimed.task_id)
            self._of = wanted
        return self._found
