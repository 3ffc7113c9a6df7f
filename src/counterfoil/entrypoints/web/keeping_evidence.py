"""Files that pages put among the evidence: each person so much in a day, and no more."""

from counterfoil.adapters.evidence.files import FileEvidence
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.web.allowance import Spent
from counterfoil.entrypoints.web.visit import Visit


async def kept_evidence(visit: Visit, data: bytes) -> str | Refusal:
    """The digest under which a file is evidence from now on; `http.allowance_spent` where it was too much today.

    Raises:
        Outage: the evidence cannot be written.
    """
    assert visit.standing is not None, "pages that keep files are for persons"
    refused = visit.ground.allowance.spend(visit.standing.person, Spent.EVIDENCE, len(data))
    if refused is not None:
        return refused
    store = FileEvidence(Folder(visit.ground.room.folder).evidence)
    return await visit.aside(lambda: store.put(data))
