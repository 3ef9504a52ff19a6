"""The kinds of error in the reader's words."""

from flask_babel import lazy_gettext

from tasks.errors import ErrorKind

KINDS = {
    ErrorKind.SOURCE_UNREACHABLE: lazy_gettext("The source cannot be reached"),
    ErrorKind.SOURCE_LOST: lazy_gettext("The connection to the source was lost"),
    ErrorKind.SOURCE_REFUSED: lazy_gettext("The source refused the login"),
    ErrorKind.NO_SPACE: lazy_gettext("No space is left on the disk"),
    ErrorKind.WORKER_LOST: lazy_gettext("The worker died in the middle"),
    ErrorKind.RENDER: lazy_gettext("The file could not be made"),
    ErrorKind.JOB: lazy_gettext("The job itself failed"),
    ErrorKind.INTERNAL: lazy_gettext("An error nobody expected"),
    ErrorKind.SQL: lazy_gettext("The SQL is wrong"),
    ErrorKind.PARAMETER: lazy_gettext("A parameter does not fit"),
}
