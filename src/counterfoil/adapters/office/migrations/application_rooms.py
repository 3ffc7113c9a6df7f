"""What an applicant says beside the form, the talk about it, and the digest of the key for coming back."""

from typing import Final

STEP: Final = (
    """CREATE TABLE application_room (
        number TEXT PRIMARY KEY REFERENCES application (number),
        key BLOB NOT NULL,
        language TEXT NOT NULL,
        country TEXT NOT NULL,
        contact TEXT NOT NULL,
        purpose TEXT NOT NULL,
        colleagues TEXT NOT NULL,
        sayings TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
)
