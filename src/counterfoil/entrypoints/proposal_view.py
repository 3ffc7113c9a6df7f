"""A proposal as JSON: who stands behind it, what it asks for, and what it would change, in both languages."""

from typing import Any, Final

import msgspec

from counterfoil.application.office.proposal import Proposal, ProposalState, Signature
from counterfoil.application.office.proposals import Seen
from counterfoil.application.preview import Preview
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.preview_text import said

SEALED: Final = "…"
"""In the place of a confidential value, for readers who could neither make nor approve the act."""


def shown(seen: Seen, *, whole: bool) -> dict[str, Any]:
    """A proposal with its preview, or with why it would be refused now. `whole` shows confidential values."""
    preview = seen.preview
    return {
        **listed(seen.proposal, seen.state),
        "act": _act(seen.proposal, whole=whole),
        "preview": _preview(preview) if isinstance(preview, Preview) else None,
        "refusal": catalogue().problem(preview) if isinstance(preview, Refusal) else None,
    }


def listed(proposal: Proposal, state: ProposalState) -> dict[str, Any]:
    """A proposal as a list shows it."""
    return {
        "proposal": proposal.id,
        "command": proposal.name,
        "state": state.value,
        "initiator": _signature(proposal.initiator),
        "approvals": [{**_signature(each), "preview": each.preview} for each in proposal.signatures[1:]],
        "why": proposal.why,
        "made_ms": proposal.made_ms,
        "ends_ms": proposal.ends_ms,
        "closed_by": proposal.closed_by or None,
        "reason": proposal.reason,
        "entry": proposal.entry,
    }


def _signature(signature: Signature) -> dict[str, str]:
    return {"person": signature.person, "organisation": signature.organisation, "giver": signature.giver}


def _act(proposal: Proposal, *, whole: bool) -> dict[str, Any]:
    act: dict[str, Any] = msgspec.json.decode(proposal.command)
    if not whole and act.get("confidential"):
        act["confidential"] = dict.fromkeys(act["confidential"], SEALED)
    return act


def _preview(preview: Preview) -> dict[str, Any]:
    demand = preview.demand
    basis = None
    if demand is not None:
        basis = {"pack": demand.basis.pack, "rule": demand.basis.name, "provision": demand.basis.provision}
    return {
        "sha256": preview.sha256,
        "persons": preview.persons,
        "demanded_by": basis,
        "changes": preview.changes,
        "said": said(preview.changes),
    }
