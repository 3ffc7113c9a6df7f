"""Why a notice is not sent, shown or tried again."""

from enum import StrEnum


class NoticeFault(StrEnum):
    SETTINGS_UNREADABLE = "notice.settings_unreadable"
    NOT_CONFIGURED = "notice.not_configured"
    NOT_DEAD = "notice.not_dead"
    UNKNOWN = "notice.unknown"
    WORKER_BUSY = "notice.worker_busy"
    PREFERENCE_UNREADABLE = "notice.preference_unreadable"
    NOT_DELIVERED = "notice.not_delivered"
