"""Acts that wait for a second person."""

from typing import Final

STEP: Final = (
    """CREATE TABLE proposal (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        command TEXT NOT NULL,
        person TEXT NOT NULL,
        organisation TEXT NOT NULL,
        approvals TEXT NOT NULL,
        made_ms INTEGER NOT NULL,
        ends_ms INTEGER NOT NULL CHECK (ends_ms > made_ms),
        state TEXT NOT NULL
            CHECK (state IN ('open', 'approving', 'done', 'rejected', 'withdrawn', 'expired')),
        changed_ms INTEGER NOT NULL,
        why TEXT NOT NULL,
        closed_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        entry INTEGER,
        CHECK ((state = 'done') = (entry IS NOT NULL))
    ) STRICT""",
    """CREATE INDEX proposal_open ON proposal (person) WHERE state = 'open'""",
    """CREATE INDEX proposal_by_state ON proposal (state, number)""",
    """CREATE INDEX proposal_by_organisation ON proposal (organisation, number)""",
)
