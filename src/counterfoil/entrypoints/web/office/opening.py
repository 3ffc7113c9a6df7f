"""Opening balances from a spreadsheet: the empty file, what is wrong with a filled one cell by cell, and the import.

A file is looked at first, always: the dry run tries every row on the books and leaves nothing. Only then can it be
brought in, whole. Read before: `entrypoints/opening/run.py`.
"""

from functools import cache
from hashlib import sha256
from typing import Any, Final

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.application.office.proposals import Seen
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.opening_book import OPENING_BOOK
from counterfoil.domain.people.four_eyes import ApprovalFault
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.opening.reading import BYTES_MAX, Mistake, read_opening
from counterfoil.entrypoints.opening.rows import OpeningFile, bound
from counterfoil.entrypoints.opening.run import Brought, brought_in, sums
from counterfoil.entrypoints.opening.tables import opening_tables
from counterfoil.entrypoints.opening.template import template_csv, template_workbook
from counterfoil.entrypoints.web.forms.signing import propose
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.visit import Visit

SHOWN_MAX: Final = 200
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_MAX: Final = 60


def rows() -> tuple[PageRow, ...]:
    return (
        PageRow("/desk/admin/opening", reading(_shown), _sent),
        PageRow("/desk/admin/opening/template.xlsx", _template),
        PageRow("/desk/admin/opening/{table}.csv", _table),
    )


def _base(sight: Sight, visit: Visit) -> dict[str, Any]:
    books = [{"key": key, **dict(value)} for key, value in sight.records(OPENING_BOOK, after="", limit=50)]
    tables = [
        (each.name, each.labels[visit.language], [_column(column, visit) for column in each.columns])
        for each in opening_tables()
    ]
    return {
        "books": books,
        "tables": tables,
        "labels": {each.name: each.labels[visit.language] for each in opening_tables()},
        "may_import": visit.may("POST /desk/admin/opening"),
        "fault": None,
        "mistakes": (),
        "sums": None,
        "file": "",
        "digest": "",
        "brought": None,
        "mistakes_count": 0,
        "proposal": "",
        "name": visit.form.get("name")[:NAME_MAX],
    }


def _column(column: Any, visit: Visit) -> tuple[str, bool, str]:
    notes = column.notes or {}
    return column.labels[visit.language], column.required, notes.get(visit.language, "")


def _shown(sight: Sight, visit: Visit) -> Reply | Refusal:
    return Shown("office/opening.html", _base(sight, visit), kept=False)


async def _template(visit: Visit) -> Reply:
    data = await visit.aside(lambda: _workbook(visit.language))
    return Sent(data, XLSX, f"opening-{visit.language}.xlsx")


@cache
def _workbook(language: str) -> bytes:
    """The empty workbook of a language: the same for everybody, and long in the making."""
    return template_workbook(language)


async def _table(visit: Visit) -> Reply | Refusal:
    found = next((each for each in opening_tables() if each.name == visit.path["table"]), None)
    if found is None:
        return Refusal(HttpFault.NOT_FOUND, {"path": visit.request.url.path[:200]})
    return Sent(template_csv(found, visit.language), "text/csv; charset=utf-8", f"{found.name}.csv")


async def _sent(visit: Visit) -> Reply | Refusal:
    assert visit.bearer is not None, "the page asks for a session"
    person, uploads = visit.bearer.session.person, visit.ground.uploads
    if visit.form.get("do") == "import":
        kept = uploads.of(person, visit.form.get("digest"))
        if kept is None:
            return await _again(visit, {"file": "", "gone": True})
        return await _looked(visit, *kept, dry_run=False)
    sent = await visit.form.file("file", bytes_max=BYTES_MAX)
    if isinstance(sent, Refusal):
        return await _again(visit, {"fault": sent})
    if sent is None:
        return await _again(visit, {"missing": True})
    uploads.keep(person, *sent)
    return await _looked(visit, *sent, dry_run=True)


async def _looked(visit: Visit, name: str, data: bytes, *, dry_run: bool) -> Reply:
    """Read a file and try its rows; where nothing is wrong and it is meant, do them."""
    found = await visit.aside(lambda: _tried(visit, name, data, dry_run=dry_run))
    told = {"file": name, "digest": sha256(data).hexdigest()}
    if isinstance(found, Refusal):
        return await _again(visit, {**told, "fault": found})
    if isinstance(found, list):
        return await _again(visit, {**told, **_mistakes(visit, found)})
    whole, brought = found
    facts = {**told, "sums": sums(whole), "name": whole.announcement.opening, "brought": brought}
    if not dry_run and any(each.refusal.code == ApprovalFault.SECOND_PERSON_NEEDED for each in brought.mistakes):
        return await _proposed(visit, whole, facts)
    if brought.mistakes:
        return await _again(visit, {**facts, **_mistakes(visit, brought.mistakes)})
    if not dry_run:
        assert visit.bearer is not None
        visit.ground.uploads.forget(visit.bearer.session.person, told["digest"])
    return await _again(visit, {**facts, "imported": not dry_run}, status=200)


async def _proposed(visit: Visit, whole: OpeningFile, facts: dict[str, Any]) -> Reply:
    """Where the law asks for a second person, the announcement is proposed; its rows follow once it is approved."""
    found = await propose(visit, whole.announcement, why=facts["file"])
    if isinstance(found, Refusal):
        return await _again(visit, {**facts, "fault": found})
    number = found.proposal.id if isinstance(found, Seen) else ""
    return await _again(visit, {**facts, "proposal": number}, status=200)


def _tried(
    visit: Visit, name: str, data: bytes, *, dry_run: bool
) -> Refusal | list[Mistake] | tuple[OpeningFile, Brought]:
    read = read_opening(data, name)
    if isinstance(read, Refusal):
        return read
    document = sha256(data).hexdigest()
    whole = bound(read, opening=visit.form.get("name")[:NAME_MAX] or f"OB-{document[:8]}", document=document)
    if isinstance(whole, list):
        return whole
    assert visit.caller is not None, "the page is closed to strangers"
    if not dry_run:
        FileEvidence(Folder(visit.ground.room.folder).evidence).put(data)
    guard = visit.ground.gate.guard(visit.standing)
    by = visit.caller.name
    return whole, brought_in(visit.ground.desk.driver, whole, dry_run=dry_run, by=by, guard=guard)


def _mistakes(visit: Visit, found: Any) -> dict[str, Any]:
    del visit
    return {"mistakes": list(found)[:SHOWN_MAX], "mistakes_count": len(found)}


async def _again(visit: Visit, facts: dict[str, Any], *, status: int = 422) -> Shown:
    base = await visit.ask(lambda sight: _base(sight, visit))
    return Shown("office/opening.html", {**base, **facts}, status=status, kept=False)
