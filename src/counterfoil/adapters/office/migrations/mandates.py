"""Mandates, and in whose place a session and a proposal stand."""

from typing import Final

STEP: Final = (
    """CREATE TABLE mandate (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        giver TEXT NOT NULL REFERENCES person (person),
        person TEXT NOT NULL REFERENCES person (person),
        organisation TEXT NOT NULL,
        roles TEXT NOT NULL CHECK (roles <> ''),
        first_day TEXT NOT NULL,
        last_day TEXT NOT NULL CHECK (last_day >= first_day),
        revoked_on TEXT,
        made_ms INTEGER NOT NULL,
        CHECK (giver <> person)
    ) STRICT""",
    """CREATE INDEX mandate_by_person ON mandate (person)""",
    """CREATE INDEX mandate_by_giver ON mandate (giver)""",
    """ALTER TABLE session ADD COLUMN giver TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE proposal ADD COLUMN giver TEXT NOT NULL DEFAULT ''""",
)
