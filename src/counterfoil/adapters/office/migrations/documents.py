"""The register of kept documents; their bytes are files by hash. Rows are never taken away: numbers have no gap."""

from typing import Final

STEP: Final = (
    """CREATE TABLE document (
        number TEXT PRIMARY KEY,
        series TEXT NOT NULL,
        year INTEGER NOT NULL,
        place INTEGER NOT NULL CHECK (place >= 1),
        about TEXT NOT NULL,
        level TEXT NOT NULL CHECK (level IN ('public', 'parties', 'confidential')),
        parties TEXT NOT NULL,
        basis TEXT NOT NULL CHECK (level <> 'confidential' OR basis <> ''),
        retain_until TEXT,
        UNIQUE (series, year, place)
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX document_by_about ON document (about, number)""",
    """CREATE TABLE document_version (
        document TEXT NOT NULL REFERENCES document (number),
        version INTEGER NOT NULL CHECK (version >= 1),
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        scan TEXT NOT NULL,
        signatures TEXT NOT NULL,
        by TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        erased_ms INTEGER,
        PRIMARY KEY (document, version)
    ) STRICT, WITHOUT ROWID""",
    """CREATE INDEX document_version_by_hash ON document_version (sha256) WHERE erased_ms IS NULL""",
    """CREATE TRIGGER document_is_never_deleted BEFORE DELETE ON document
       BEGIN SELECT RAISE(ABORT, 'a document keeps its number'); END""",
)
