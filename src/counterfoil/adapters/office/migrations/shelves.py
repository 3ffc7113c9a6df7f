"""What somebody lays aside for themselves: drafts of acts, and lists as they like to see them."""

from typing import Final

STEP: Final = (
    """CREATE TABLE shelf (
        person TEXT NOT NULL REFERENCES person (person),
        kind TEXT NOT NULL CHECK (kind IN ('draft', 'view')),
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        place TEXT NOT NULL,
        content TEXT NOT NULL,
        changed_ms INTEGER NOT NULL,
        PRIMARY KEY (person, kind, name)
    ) STRICT, WITHOUT ROWID""",
)
