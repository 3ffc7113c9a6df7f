"""Letters of grievance from people without an account. What they wrote can be erased; the row stays."""

from typing import Final

STEP: Final = (
    """CREATE TABLE grievance_letter (
        number TEXT PRIMARY KEY,
        activity TEXT NOT NULL,
        text TEXT,
        name TEXT,
        contact TEXT,
        salt TEXT NOT NULL,
        secret BLOB NOT NULL CHECK (length(secret) = 32),
        made_ms INTEGER NOT NULL,
        entry INTEGER,
        erased_ms INTEGER,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        CHECK ((text IS NULL) = (erased_ms IS NOT NULL)),
        CHECK (erased_ms IS NULL OR (name IS NULL AND contact IS NULL))
    ) STRICT, WITHOUT ROWID""",
)
