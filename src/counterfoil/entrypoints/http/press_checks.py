"""The checks that the press makes of uploaded files: what `aef check` and `aef diff` say of them, as the same JSON.

Nothing of an upload is kept. Only the press's own process imports this module.
"""

import json
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import IO, Any

from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.reporting.aef_diff import aef_diff
from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.domain.reporting.records import Records
from counterfoil.domain.reporting.records_json import records_from_json
from counterfoil.entrypoints.bootstrap import Folder, aef_format, open_for_reading
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.press import Facts
from counterfoil.entrypoints.http.upload import RECORDS, UploadedFile, files_in
from counterfoil.entrypoints.submitting.aef_bytes import json_of, named_bytes
from counterfoil.entrypoints.submitting.comparing import change_json, submission_in_full
from counterfoil.entrypoints.submitting.stored import StoredSubmission, stored_submissions


def examined(folder: Path, facts: Facts, upload: IO[bytes], target: Path) -> Refusal | None:
    """The findings on the files, by themselves, against each other, and where asked against all that is known here."""
    files = files_in(upload.read(), str(facts["content_type"]))
    if isinstance(files, Refusal):
        return files
    form = aef_format(profile=str(facts["profile"]))
    records = _records([each for each in files if each.role == RECORDS])
    if isinstance(records, Refusal):
        return records
    books = [each for each in files if each.role != RECORDS]
    if not facts["imported"]:
        _write(target, check(_read(books, form), form, str(facts["language"]), records).as_json())
        return None
    with open_for_reading(Folder(folder)) as readable:
        stored = stored_submissions(Sight(readable.reading, readable.codec, readable.evidence), form)
        _write(target, check(_read(books, form, stored), form, str(facts["language"]), records).as_json())
    return None


def compared(folder: Path, facts: Facts, upload: IO[bytes], target: Path) -> Refusal | None:
    """What the second of two files changes in the first."""
    del folder
    files = files_in(upload.read(), str(facts["content_type"]))
    if isinstance(files, Refusal):
        return files
    if len(files) != 2:
        return Refusal(HttpFault.UPLOAD_UNREADABLE, {"detail": f"{len(files)} files; the old and the new are needed"})
    form = aef_format(profile=str(facts["profile"]))
    old, new = (submission_in_full(named_bytes(each.name, each.data, form), form) for each in files)
    if isinstance(old, Refusal) or isinstance(new, Refusal):
        return old if isinstance(old, Refusal) else new if isinstance(new, Refusal) else None
    _write(target, {"changes": [change_json(change) for change in aef_diff(old, new)]})
    return None


def _read(
    files: list[UploadedFile], form: AefFormat, stored: list[StoredSubmission] | None = None
) -> Iterator[NamedRaw]:
    """One after the other, so that the cells of one are let go before the next is opened."""
    for each in files:
        yield named_bytes(each.name, each.data, form)
    yield from (each.book for each in stored or ())


def _records(files: list[UploadedFile]) -> Records | Refusal | None:
    """What stands beside the workbooks, as JSON."""
    found: list[Records] = []
    for each in files:
        records = records_from_json(json_of(each.data), each.name)
        if isinstance(records, Refusal):
            return records
        found.append(records)
    return reduce(Records.joined, found) if found else None


def _write(target: Path, value: Any) -> None:
    target.write_bytes(json.dumps(value, ensure_ascii=False, indent=2, default=str).encode() + b"\n")
