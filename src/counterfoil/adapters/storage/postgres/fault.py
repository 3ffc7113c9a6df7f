"""What can go wrong between a registry and its database server. The driver is not needed to name it."""

from enum import StrEnum


class PostgresFault(StrEnum):
    """Why the second engine cannot read or keep a registry, beside what every engine may say (`StorageFault`)."""

    UNREACHABLE = "storage.unreachable"
    FENCED = "storage.fenced"
    BEHIND = "storage.behind"
    NOT_DURABLE = "storage.not_durable"
    NO_DRIVER = "storage.no_driver"
    UNREADABLE_ENGINE = "storage.engine_unreadable"
