"""File a report of the play as an office does: checked, kept as evidence, then recorded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from counterfoil.application.queries.submissions import content_bytes
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.entrypoints.demo.stage import PlayFailed, Stage
from counterfoil.entrypoints.submitting.filing import Asked, Unfit, prepared

VERSION: Final = "1.0"


def filed(stage: Stage, asked: Asked, form: AefFormat) -> None:
    """Check the files, keep them with their list, and record the filing. What is unfit ends the play."""
    sight = stage.sight(asked.party)
    try:
        found = prepared(sight, asked, form)
        if isinstance(found, Unfit):
            raise PlayFailed(found.refusal)
        content = content_bytes(found.content, sight.codec)
    finally:
        sight.reading.close()
    for data in (*asked.files.values(), content):
        stage.evidence(asked.party, data)
    stage.do(asked.party, found.command)


def files_by_name(paths: list[Path]) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}
