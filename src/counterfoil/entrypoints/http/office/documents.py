"""The routes of kept documents: what one may read is listed, shown, downloaded; all else is as if it were not there."""

from datetime import date
from typing import Final
from urllib.parse import quote

from counterfoil.adapters.office.store import SqliteOffice
from counterfoil.application.documents import keeping
from counterfoil.application.documents.keeping import Brought, Filing
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.document import Access as Readers
from counterfoil.domain.people.document import AccessLevel, may_read
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.entrypoints.document_room import document_room, shown
from counterfoil.entrypoints.http.asked import unreadable
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE
from counterfoil.entrypoints.permission_table import permission_table

LIMIT: Final = 100
_DOCUMENTS: Final = f"{PLACE}/documents"
_ONE: Final = f"{_DOCUMENTS}/{{number}}"
SERIES: Final = "DOC"
PARTIES_MAX: Final = 20
_PARTY_MAX: Final = 60
_NUMBER_MAX: Final = 6


def routes() -> tuple[OfficeRoute, ...]:
    """Every route of documents."""
    table = Access.BY_TABLE
    added = said("Keep a file as a new document", "將檔案存為新文件")
    revised = said("Keep a file as a further version of a document", "將檔案存為文件之新版本")
    listed = said("The documents that one may read", "本人得閱覽之文件")
    one = said("A document with its versions and their hashes", "文件及其各版本與雜湊值")
    read = said("Download a version of a document", "下載文件之版本")
    return (
        OfficeRoute("GET", _DOCUMENTS, "listDocuments", listed, _list, table),
        OfficeRoute("POST", _DOCUMENTS, "keepDocument", added, _keep, table, takes_file=True),
        OfficeRoute("POST", f"{_ONE}/versions", "reviseDocument", revised, _revise, table, takes_file=True),
        OfficeRoute("GET", _ONE, "showDocument", one, _show, table),
        OfficeRoute("GET", f"{_ONE}/content", "readDocument", read, _read, table),
    )


def _reader(office: Office, call: Call, path: str) -> tuple[Standing | None, Reach | None]:
    """Who reads, and how far by the registry's table; the folder's owner reads all."""
    if call.bearer is None:
        return None, None
    standing = call.bearer.standing
    assert isinstance(office.store, SqliteOffice)
    table = permission_table(office.store.file.path.parent)
    return standing, table.permissions.reach(standing, f"GET {path}")


def _list(office: Office, call: Call) -> Answer | Refusal:
    standing, reach = _reader(office, call, _DOCUMENTS)
    room = document_room(office)
    found = room.documents.listed(
        about=call.query.get("about", "")[:120], after=call.query.get("after", "")[:60], limit=LIMIT
    )
    items = [shown(each) for each in found if may_read(each.access, standing, reach)]
    return Answer({"items": items, "next": found[-1].number if len(found) == LIMIT else None})


def _keep(office: Office, call: Call) -> Answer | Refusal:
    """What a document is, stands in the query, so that the body is the file and nothing else."""
    level = call.query.get("level", AccessLevel.CONFIDENTIAL.value)
    if level not in set(AccessLevel):
        raise unreadable("level", level[:40])
    parties = frozenset(each[:_PARTY_MAX] for each in call.query.get("parties", "").split(",", PARTIES_MAX) if each)
    if len(parties) > PARTIES_MAX or any("," in each for each in parties):
        raise unreadable("parties", call.query["parties"][:40])
    until = call.query.get("retain_until")
    try:
        retain_until = None if until is None else date.fromisoformat(until)
    except ValueError as error:
        raise unreadable("retain_until", until[:40] if until else "") from error
    filing = Filing(
        call.query.get("series", SERIES),
        call.query.get("about", ""),
        Readers(AccessLevel(level), parties, call.query.get("basis", "")),
        retain_until,
    )
    found = keeping.keep(document_room(office), filing, _brought(call))
    return found if isinstance(found, Refusal) else Answer(shown(found), status=201)


def _revise(office: Office, call: Call) -> Answer | Refusal:
    found = keeping.revise(document_room(office), call.path["number"], _brought(call))
    return found if isinstance(found, Refusal) else Answer(shown(found), status=201)


def _brought(call: Call) -> Brought:
    """The file that is sent. Its name is judged as any other: a path or a trick in it is refused, not mended."""
    data: bytes = call.body.read()
    return Brought(call.query.get("name", ""), data, call.actor)


def _show(office: Office, call: Call) -> Answer | Refusal:
    found = keeping.shown(document_room(office), call.path["number"], *_reader(office, call, _ONE))
    return found if isinstance(found, Refusal) else Answer(shown(found))


def _read(office: Office, call: Call) -> Answer | Refusal:
    sent = call.query.get("version")
    if sent is not None and not (sent.isascii() and sent.isdecimal() and len(sent) <= _NUMBER_MAX):
        raise unreadable("version", sent[:40])
    standing, reach = _reader(office, call, f"{_ONE}/content")
    found = keeping.content(
        document_room(office),
        call.path["number"],
        standing,
        reach,
        version=None if sent is None else int(sent),
        by=call.actor,
    )
    if isinstance(found, Refusal):
        return found
    version, data = found
    headers = (
        (b"content-disposition", f"attachment; filename*=UTF-8''{quote(version.name, safe='')}".encode()),
        (b"x-content-sha256", version.sha256.encode()),
        (b"x-content-scan", version.scan.value.encode()),
    )
    return Answer(data, headers=headers)
