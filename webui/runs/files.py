"""The files of a run, to be downloaded."""

from werkzeug.wrappers import Response

from tasks.database_copy import WHOLE_DATABASE
from tasks.errors import Forbidden, NotFound
from tasks.models import Artifact, ArtifactRole, Run, RunState
from webui.database import db
from webui.permissions import Permission, actor, can, requires
from webui.runs import blueprint
from webui.sending import loaded, shown

PICTURE = "image/png"
"""The one kind that is shown: another could hold a script."""


@blueprint.get("/runs/<int:run_id>/files/<int:artifact_id>")
@requires(Permission.SEE)
def file(run_id: int, artifact_id: int) -> Response:
    """One file of the attempt that finished, always as a download."""
    artifact = _finished(run_id, artifact_id)
    if artifact.role is ArtifactRole.ROWS:
        raise NotFound("Run {run} has no file {id}.", run=run_id, id=artifact_id)
    if artifact.media_type in WHOLE_DATABASE and not can(Permission.ADMIN):
        raise Forbidden("Only an administrator may load a backup.")
    return loaded(artifact, actor=actor())


@blueprint.get("/runs/<int:run_id>/pictures/<int:artifact_id>")
@requires(Permission.SEE)
def picture(run_id: int, artifact_id: int) -> Response:
    """A chart of the attempt that finished, for the page of the run."""
    artifact = _finished(run_id, artifact_id)
    if artifact.role is not ArtifactRole.PICTURE or artifact.media_type != PICTURE:
        raise NotFound("Run {run} has no file {id}.", run=run_id, id=artifact_id)
    return shown(artifact)


def _finished(run_id: int, artifact_id: int) -> Artifact:
    """Return the file where it belongs to this run and to the attempt that finished it."""
    run, artifact = db.session.get(Run, run_id), db.session.get(Artifact, artifact_id)
    if run is None or artifact is None or artifact.run_id != run_id:
        raise NotFound("Run {run} has no file {id}.", run=run_id, id=artifact_id)
    if run.state is not RunState.SUCCEEDED or artifact.attempt != run.attempt:
        raise NotFound("Run {run} has no file {id}.", run=run_id, id=artifact_id)
    return artifact
