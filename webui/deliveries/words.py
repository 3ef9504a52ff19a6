"""Deliveries in the reader's words."""

from flask_babel import lazy_gettext

from tasks.kinds import ChannelKind
from tasks.models import DeliveryState

STATES = {
    DeliveryState.QUEUED: lazy_gettext("Queued"),
    DeliveryState.SENDING: lazy_gettext("Sending"),
    DeliveryState.DELIVERED: lazy_gettext("Delivered"),
    DeliveryState.FAILED: lazy_gettext("Failed"),
    DeliveryState.UNCERTAIN: lazy_gettext("Uncertain"),
    DeliveryState.SUPPRESSED: lazy_gettext("Suppressed"),
}
CHANNELS = {
    ChannelKind.EMAIL: lazy_gettext("Mail"),
    ChannelKind.FOLDER: lazy_gettext("Folder"),
    ChannelKind.SFTP: lazy_gettext("SFTP"),
    ChannelKind.WEBHOOK: lazy_gettext("Webhook"),
    ChannelKind.TEAMS: lazy_gettext("Teams"),
    ChannelKind.SLACK: lazy_gettext("Slack"),
}
