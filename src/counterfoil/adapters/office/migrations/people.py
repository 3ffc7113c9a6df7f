"""Persons, what they belong to, how they sign in, and the trail of what was done."""

from typing import Final

STEP: Final = (
    """CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID""",
    """INSERT INTO setting (name, value) VALUES ('pepper', randomblob(32))""",
    """CREATE TABLE person (
        person TEXT PRIMARY KEY,
        name TEXT,
        mail TEXT UNIQUE,
        state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'erased')),
        made_ms INTEGER NOT NULL,
        enrolled_ms INTEGER,
        CHECK (state <> 'erased' OR (name IS NULL AND mail IS NULL))
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX person_by_enrolment ON person (enrolled_ms) WHERE enrolled_ms IS NOT NULL""",
    """CREATE TABLE organisation (
        organisation TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        suspended INTEGER NOT NULL CHECK (suspended IN (0, 1)),
        made_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE membership (
        number INTEGER PRIMARY KEY,
        person TEXT NOT NULL REFERENCES person (person),
        organisation TEXT NOT NULL,
        role TEXT NOT NULL,
        first_day TEXT NOT NULL,
        last_day TEXT
    ) STRICT""",
    """CREATE INDEX membership_by_person ON membership (person)""",
    """CREATE INDEX membership_by_role ON membership (role)""",
    """CREATE TABLE credential (
        number INTEGER PRIMARY KEY,
        person TEXT NOT NULL REFERENCES person (person),
        factor TEXT NOT NULL,
        label TEXT NOT NULL,
        key TEXT NOT NULL,
        secret TEXT NOT NULL,
        counter INTEGER NOT NULL,
        made_ms INTEGER NOT NULL,
        used_ms INTEGER
    ) STRICT""",
    """CREATE INDEX credential_by_person ON credential (person)""",
    """CREATE UNIQUE INDEX credential_by_key ON credential (factor, key) WHERE key <> ''""",
    """CREATE UNIQUE INDEX credential_password ON credential (person) WHERE factor = 'password'""",
    """CREATE TABLE session (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        handle TEXT NOT NULL UNIQUE,
        person TEXT NOT NULL REFERENCES person (person),
        organisation TEXT NOT NULL,
        device TEXT NOT NULL,
        method TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        seen_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX session_by_person ON session (person)""",
    """CREATE TABLE invitation (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        person TEXT NOT NULL REFERENCES person (person),
        made_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL,
        totp TEXT NOT NULL,
        used_ms INTEGER
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE step (
        digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
        purpose TEXT NOT NULL,
        person TEXT NOT NULL,
        facts TEXT NOT NULL,
        ends_ms INTEGER NOT NULL,
        tries INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE throttle (
        key BLOB PRIMARY KEY,
        failures INTEGER NOT NULL,
        last_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX throttle_by_age ON throttle (last_ms)""",
    """CREATE TABLE trail (
        number INTEGER PRIMARY KEY CHECK (number >= 1),
        at_ms INTEGER NOT NULL,
        actor TEXT NOT NULL,
        act TEXT NOT NULL,
        subject TEXT NOT NULL,
        facts TEXT NOT NULL,
        digest BLOB NOT NULL CHECK (length(digest) = 32)
    ) STRICT""",
    """CREATE INDEX trail_by_subject ON trail (subject)""",
    """CREATE INDEX trail_by_actor ON trail (actor)""",
    """CREATE TRIGGER trail_is_never_updated BEFORE UPDATE ON trail
       BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_is_never_deleted BEFORE DELETE ON trail
       BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_is_never_replaced BEFORE INSERT ON trail
       WHEN EXISTS (SELECT 1 FROM trail WHERE number = NEW.number)
       BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
