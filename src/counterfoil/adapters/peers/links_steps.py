"""The tables of `links.db`, as steps. A step never changes once it is released; a new one stands at the end."""

from typing import Final

LETTERS: Final = (
    """CREATE TABLE letter (
        number INTEGER PRIMARY KEY,
        digest BLOB NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
        partner TEXT NOT NULL,
        kind TEXT NOT NULL,
        transfer TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        signed BLOB NOT NULL,
        UNIQUE (digest, direction)
    ) STRICT""",
    "CREATE INDEX letter_by_transfer ON letter (transfer, number)",
    """CREATE TRIGGER letter_kept BEFORE DELETE ON letter
        BEGIN SELECT RAISE(ABORT, 'letters are kept'); END""",
    """CREATE TRIGGER letter_unchanged BEFORE UPDATE ON letter
        BEGIN SELECT RAISE(ABORT, 'letters are kept'); END""",
    """CREATE TABLE delivery (
        partner TEXT NOT NULL,
        transfer TEXT NOT NULL,
        tries INTEGER NOT NULL,
        next_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL,
        fault TEXT NOT NULL,
        dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
        PRIMARY KEY (partner, transfer)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX delivery_due ON delivery (partner, dead, next_ms, transfer)",
    "CREATE INDEX delivery_expiry ON delivery (expires_ms) WHERE expires_ms > 0",
    """CREATE TABLE count (
        partner TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
        kind TEXT NOT NULL,
        code TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (partner, direction, kind, code)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE position (log TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


BOUNDED: Final = (
    # Letters that changed nothing, which a bound may delete. All others stay; a hand that is to delete one must first
    # say here that it changed nothing.
    """CREATE TABLE idle (
        number INTEGER PRIMARY KEY,
        partner TEXT NOT NULL,
        bytes INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX idle_of_partner ON idle (partner, number, bytes)",
    "DROP TRIGGER letter_kept",
    """CREATE TRIGGER letter_kept BEFORE DELETE ON letter
        WHEN NOT EXISTS (SELECT 1 FROM idle WHERE number = OLD.number)
        BEGIN SELECT RAISE(ABORT, 'letters are kept'); END""",
    # Of older letters it is known only of our own refusals: each was signed anew.
    """INSERT INTO idle (number, partner, bytes)
        SELECT number, partner, length(signed) FROM letter WHERE direction = 'out' AND kind = 'refusal'""",
)


def steps() -> tuple[tuple[str, ...], ...]:
    """Every step, in order."""
    return (LETTERS, BOUNDED)
