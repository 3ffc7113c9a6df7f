"""What can be wrong with an installation of several registries: the codes of its file, its sections and its door."""

from enum import StrEnum


class InstallationFault(StrEnum):
    ABSENT = "installation.absent"
    EXISTS = "installation.exists"
    UNREADABLE = "installation.unreadable"
    IN_USE = "installation.in_use"
    PARTY_TAKEN = "installation.party_taken"
    FOLDER_TAKEN = "installation.folder_taken"
    HOST_TAKEN = "installation.host_taken"
    TOO_MANY = "installation.too_many"
    PARTY_UNKNOWN = "installation.party_unknown"
    REQUEST_MISSING = "installation.request_missing"
    NOT_OPEN = "installation.not_open"
    OTHER_PARTY = "installation.other_party"
    PROOF_UNFIT = "installation.proof_unfit"
    USER_UNFIT = "installation.user_unfit"
    STILL_AT_WORK = "installation.still_at_work"


class DoorFault(StrEnum):
    SECTION_UNKNOWN = "door.section_unknown"
    SECTION_DOWN = "door.section_down"
    SECTION_BUSY = "door.section_busy"
    SECTION_CLOSED = "door.section_closed"
    SECTION_BROKE_OFF = "door.section_broke_off"
