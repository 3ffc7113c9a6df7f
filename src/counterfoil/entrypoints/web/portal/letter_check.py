"""Check a letter that somebody brings, as `letter check` does: is it whole, and does the journal say the same.

Open to everybody: whoever is shown a letter has the question. The press looks at the file, in a process of its own, and
nothing of it is kept. Whom to trust as a signer is the reader's to say, with the command on their own machine.
"""

import json
import tempfile
from typing import Any, Final

from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.document_room import document_room
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.web.page import PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

PATH: Final = "/letter/check"
BYTES_MAX: Final = 8 * 1024 * 1024
"""Of a stranger less is taken: what a form may have at all."""
ANSWER_BYTES_MAX: Final = 1024 * 1024
_GOOD: Final = "same"
_OPEN: Final = frozenset({"trust_not_asked", "other_registry", "not_signed"})
"""What does not speak against a letter: it only leaves a question open."""


def rows() -> tuple[PageRow, ...]:
    return (PageRow(PATH, _form, _check, token=False),)


async def _form(_visit: Visit) -> Reply | Refusal:
    return _page()


def _page(**found: Any) -> Reply:
    facts = {"found": None, "fault": None, "missing": False, "file": "", "mib_max": BYTES_MAX // 1024 // 1024, **found}
    wrong = facts["fault"] is not None or facts["missing"]
    return Shown("portal/letter_check.html", facts, status=422 if wrong else 200, kept=False)


async def _check(visit: Visit) -> Reply | Refusal:
    sent = await visit.form.file("file", bytes_max=BYTES_MAX)
    if isinstance(sent, Refusal):
        return _page(fault=sent)
    if sent is None:
        return _page(missing=True)
    try:
        found = await _looked_at(visit, sent[1])
    except Outage as outage:
        return _page(fault=outage, file=sent[0])
    if isinstance(found, Refusal):
        return _page(fault=found, file=sent[0])
    if not await _kept_under_its_number(visit, found):
        found["findings"].append("number_not_kept")
    against = [each for each in found["findings"] if each not in _OPEN]
    tone = "bad" if against else "good" if found["journal"] == _GOOD or found["recorded"] else "warn"
    return _page(found=found, tone=tone, file=sent[0])


async def _looked_at(visit: Visit, data: bytes) -> dict[str, Any] | Refusal:
    with tempfile.TemporaryFile(prefix="counterfoil-letter-") as upload:
        upload.write(data)
        upload.seek(0)
        made = await visit.ground.press.made(Order(Product.LETTER_CHECK), upload)
    if isinstance(made, Refusal):
        return made
    with made:
        made.seek(0)
        found: dict[str, Any] = json.loads(made.read(ANSWER_BYTES_MAX))
    return found


async def _kept_under_its_number(visit: Visit, found: dict[str, Any]) -> bool:
    """Whether the register of documents holds this very file under the number that it bears, if it bears one."""
    number, digest = found["number"], found["sha256"]

    def looked(office: Office) -> bool:
        document = document_room(office).documents.get(number)
        return document is not None and any(each.sha256 == digest for each in document.versions)

    return not number or await visit.in_office(looked) is not False
