"""Fields that name a file by its digest: the form takes the file itself, keeps it as evidence, and writes the digest.

Nobody has to reckon a SHA-256. Whoever has one, such as from a copy that lies elsewhere, may still write it.
"""

from collections.abc import Iterator
from typing import Final

from starlette.datastructures import UploadFile

from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.web.forms.placing import NOTHING_WRONG, Wrong
from counterfoil.entrypoints.web.forms.reading import Typed
from counterfoil.entrypoints.web.forms.shape import Asked, Control, by_path
from counterfoil.entrypoints.web.keeping_evidence import kept_evidence
from counterfoil.entrypoints.web.visit import Visit

PREFIX: Final = "file:"
"""Before the path of the field that a file is meant for."""
BYTES_MAX: Final = 32 * 1024 * 1024
FILES_MAX: Final = 20
_NAMES: Final = frozenset({"document", "documents", "proof", "sha256", "package"})
_ALSO: Final = frozenset(
    {
        ("SubmitMonitoring", "evidence"),
        ("AnswerReviewFinding", "evidence"),
        ("FileGrievance", "letter"),
        ("RecordTrade", "report"),
        ("OpenSection", "request"),
        ("CloseSection", "request"),
    }
)
"""Where a name means a file only in this command or part."""
_WRITTEN: Final = frozenset({Control.TEXT, Control.LINES})


def takes_file(asked: Asked) -> bool:
    """Whether a field holds the digest of a file, or of several.

    A boundary has a page of its own, which checks it; digests of what the registry itself reckons have no file.
    """
    return asked.control in _WRITTEN and (asked.name in _NAMES or (asked.owner, asked.name) in _ALSO)


async def taken(
    visit: Visit, command: str, asked: tuple[Asked, ...], typed: Typed
) -> tuple[dict[str, tuple[str, ...]], Wrong]:
    """The fields with the digests of the files that were sent along, which are evidence from now on.

    A file that is too large is named beside its field. What is no field of a file, or of an act that the visitor may
    not do, is passed over.
    """
    found = dict(typed)
    if not visit.may(command):
        return found, NOTHING_WRONG
    for path, field, sent in _sent(visit, asked):
        digest = await _kept(visit, sent)
        if not isinstance(digest, str):
            return found, Wrong(fault=digest, at=path)
        known = [line for value in found.get(path, ()) for line in value.split("\n") if line.strip()]
        several = dict.fromkeys((*known, digest)) if field.control is Control.LINES else (digest,)
        found[path] = ("\n".join(several),)
    return found, NOTHING_WRONG


def _sent(visit: Visit, asked: tuple[Asked, ...]) -> Iterator[tuple[str, Asked, UploadFile]]:
    count = 0
    for name, sent in visit.form.sent:
        path = name.removeprefix(PREFIX)
        field = by_path(asked, path) if name.startswith(PREFIX) and sent.filename else None
        if field is not None and takes_file(field) and count < FILES_MAX:
            count += 1
            yield path, field, sent


async def _kept(visit: Visit, sent: UploadFile) -> str | Refusal | Outage:
    data = await sent.read(BYTES_MAX + 1)
    if len(data) > BYTES_MAX:
        return Refusal(HttpFault.UPLOAD_TOO_LARGE, {"mib_max": BYTES_MAX // 1024 // 1024})
    try:
        return await kept_evidence(visit, data)
    except Outage as outage:
        return outage
