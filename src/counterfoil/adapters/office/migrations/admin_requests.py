"""Changes of people's powers that wait for a second administrator."""

from typing import Final

STEP: Final = (
    """CREATE TABLE admin_request (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        act TEXT NOT NULL,
        asker TEXT NOT NULL,
        giver TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        person TEXT NOT NULL,
        name TEXT NOT NULL,
        mail TEXT NOT NULL,
        role TEXT NOT NULL,
        organisation TEXT NOT NULL,
        last_day TEXT NOT NULL,
        state TEXT NOT NULL,
        CHECK (state = 'open' OR (name = '' AND mail = ''))
    ) STRICT""",
    """CREATE INDEX admin_request_open ON admin_request (number) WHERE state = 'open'""",
)
