"""Applications of the public, and the file on each holder: what a registry must know, and may forget."""

from typing import Final

STEP: Final = (
    """CREATE TABLE application (
        number TEXT PRIMARY KEY,
        organisation TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        mail TEXT NOT NULL,
        account TEXT NOT NULL,
        documents TEXT NOT NULL,
        owners TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('open', 'endorsed', 'approved', 'rejected')),
        made_ms INTEGER NOT NULL,
        endorsed_by TEXT NOT NULL,
        valid_until TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX application_by_state ON application (state, made_ms)""",
    """CREATE TABLE kyc_file (
        organisation TEXT PRIMARY KEY REFERENCES organisation (organisation),
        documents TEXT NOT NULL,
        owners TEXT NOT NULL,
        valid_until TEXT NOT NULL,
        kept_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
