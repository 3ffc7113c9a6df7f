"""The outbox of notices: what is told, on which way to whom, and how far the logs were read."""

from typing import Final

STEP: Final = (
    """CREATE TABLE log_position (log TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE notice (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        sort TEXT NOT NULL,
        subject TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        facts TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE delivery (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        notice INTEGER NOT NULL REFERENCES notice (number),
        channel TEXT NOT NULL CHECK (channel IN ('inbox', 'mail', 'webhook')),
        target TEXT NOT NULL,
        subject TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead', 'dropped')),
        tries INTEGER NOT NULL,
        next_ms INTEGER NOT NULL,
        digest INTEGER NOT NULL CHECK (digest IN (0, 1)),
        detail TEXT NOT NULL,
        read_ms INTEGER,
        UNIQUE (notice, channel, target)
    ) STRICT""",
    "CREATE INDEX delivery_in_order ON delivery (channel, target, subject, next_ms, number) WHERE state = 'waiting'",
    """CREATE INDEX delivery_due ON delivery (next_ms, number) WHERE state = 'waiting'""",
    """CREATE INDEX delivery_by_state ON delivery (state, number)""",
    """CREATE INDEX delivery_inbox ON delivery (target, number) WHERE channel = 'inbox'""",
    """CREATE TABLE preference (
        person TEXT PRIMARY KEY REFERENCES person (person),
        mail TEXT NOT NULL CHECK (mail IN ('each', 'daily', 'none')),
        language TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX membership_by_organisation ON membership (organisation)""",
)
