"""Links to partner registries: begin one, change its state or address, and follow the partner's change of key."""

import base64
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from counterfoil.application.command import Command, Context, later, record, stored
from counterfoil.domain.federation.link import (
    ADDRESS_MAX,
    ANSWER_HOURS_MAX,
    OVERLAP_HOURS_MAX,
    PARTNER,
    LinkFault,
    LinkState,
    Partner,
)
from counterfoil.domain.kernel.ids import PARTY, Party
from counterfoil.domain.kernel.ids import REGISTRY as REGISTRY_ID
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.ledger.entry import Act, Entry

ED25519_BYTES: Final = 32
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?\Z")
_HOUR_MS: Final = 3_600_000


class PartnerFault(StrEnum):
    PARTY_UNREADABLE = "partner.party_unreadable"
    REGISTRY_UNREADABLE = "partner.registry_unreadable"
    IS_THIS_REGISTRY = "partner.is_this_registry"
    KEY_UNREADABLE = "partner.key_unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPartner(Command):
    """Link a partner registry by its public key (base64). A later link of the same Party replaces its key.

    `address` is where it takes messages over HTTP; `answer_hours` how long a proposal stands unanswered (0: no end).
    With `await_issuer` units of a third registry that come over this link stay on hold until that one has taken note;
    with `by_hand` what it proposes waits for a person's consent. What a later link leaves out stays as it was, so that
    no consent and no suspension ends by silence; a first link is live at once, and without these terms.
    """

    party: Party
    registry: str
    origin: str
    public_key: str
    address: str | None = later(default=None)
    state: LinkState | None = later(default=None)
    answer_hours: int | None = later(default=None)
    await_issuer: bool | None = later(default=None)
    by_hand: bool | None = later(default=None)


def link_partner(command: LinkPartner, books: Books, context: Context) -> Entry | Refusal:
    """Refuses codes that no account could carry, and this registry itself.

    Source: 6/CMA.4 annex I paras. 9-10 (interoperability, non-repudiation).
    """
    if not PARTY.match(command.party):
        return Refusal(PartnerFault.PARTY_UNREADABLE, {"party": command.party[:20]})
    if not REGISTRY_ID.match(command.registry):
        return Refusal(PartnerFault.REGISTRY_UNREADABLE, {"registry": command.registry[:40]})
    if command.party == context.registry.party:
        return Refusal(PartnerFault.IS_THIS_REGISTRY, {"party": command.party})
    if not _is_key(command.public_key):
        return Refusal(PartnerFault.KEY_UNREADABLE, {"key": command.public_key[:80]})
    before = stored(books, PARTNER, command.party, Partner)
    named = Partner(command.party, command.registry, command.origin, command.public_key)
    partner = _with_terms(named, command, before or named)
    refusal = _sound(partner.address, partner.answer_hours)
    if refusal is not None:
        return refusal
    return Entry(Act.PARTNER_LINKED, context.on, records=(record(PARTNER, command.party, partner),))


def _with_terms(partner: Partner, said: "LinkPartner | ChangeLink", before: Partner) -> Partner:
    """A partner with the terms that are said; what is left out stays as it was before."""
    return replace(
        partner,
        state=before.state if said.state is None else said.state,
        address=before.address if said.address is None else said.address,
        answer_hours=before.answer_hours if said.answer_hours is None else said.answer_hours,
        await_issuer=before.await_issuer if said.await_issuer is None else said.await_issuer,
        by_hand=before.by_hand if said.by_hand is None else said.by_hand,
    )


def _sound(address: str, hours: int) -> Refusal | None:
    if address and (len(address) > ADDRESS_MAX or not _ADDRESS.match(address)):
        return Refusal(LinkFault.ADDRESS_UNREADABLE, {"address": address[:80]})
    if not 0 <= hours <= ANSWER_HOURS_MAX:
        return Refusal(LinkFault.HOURS, {"hours": hours, "hours_max": ANSWER_HOURS_MAX})
    return None


def _is_key(text: str) -> bool:
    """Whether a text is an Ed25519 public key: 32 bytes in base64."""
    try:
        return len(base64.b64decode(text, validate=True)) == ED25519_BYTES
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLink(Command):
    """Change the state of a link (proposed, testing, live, suspended), its address, its hours or its terms; say why.

    What is left out stays as it is. Units in flight are not touched: over a suspended link they stay in their source.
    """

    party: Party
    reason: str
    state: LinkState | None = None
    address: str | None = None
    answer_hours: int | None = None
    await_issuer: bool | None = later(default=None)
    by_hand: bool | None = later(default=None)


def change_link(command: ChangeLink, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a change that changes nothing. Source: 6/CMA.4 annex I paras. 9-10; ADR-0032."""
    partner = stored(books, PARTNER, command.party, Partner)
    if partner is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.party[:20]})
    changed = _with_terms(partner, command, partner)
    if changed == partner:
        return Refusal(LinkFault.SAME_STATE, {"partner": command.party, "state": partner.state.value})
    refusal = _sound(changed.address, changed.answer_hours)
    if refusal is not None:
        return refusal
    changed = replace(changed, reason=command.reason)
    details = {"partner": command.party, "state": changed.state.value, "reason": command.reason}
    return Entry(Act.LINK_CHANGED, context.on, records=(record(PARTNER, command.party, changed),), details=details)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowKey(Command):
    """Follow a partner to its next key, which its own log names under the signature of the key that is known here.

    `proof` is the digest of the handovers that showed it; for `overlap_hours` the earlier key is good beside it.
    """

    party: Party
    public_key: str
    proof: str
    overlap_hours: int = 24


def follow_key(command: FollowKey, books: Books, context: Context) -> Entry | Refusal:
    """Refuses a key that is no key or is the one in force. Source: ADR-0018; ADR-0032."""
    partner = stored(books, PARTNER, command.party, Partner)
    if partner is None:
        return Refusal(LinkFault.UNKNOWN, {"partner": command.party[:20]})
    if not _is_key(command.public_key):
        return Refusal(PartnerFault.KEY_UNREADABLE, {"key": command.public_key[:80]})
    if command.public_key in (partner.public_key, partner.earlier_key):
        return Refusal(LinkFault.KEY_SUCCESSION, {"partner": command.party, "key": command.public_key})
    if not 0 <= command.overlap_hours <= OVERLAP_HOURS_MAX:
        return Refusal(LinkFault.HOURS, {"hours": command.overlap_hours, "hours_max": OVERLAP_HOURS_MAX})
    until = utc_text(context.now_ms() + command.overlap_hours * _HOUR_MS)
    followed = replace(partner, public_key=command.public_key, earlier_key=partner.public_key, earlier_until=until)
    details = {"partner": command.party, "public_key": command.public_key, "proof": command.proof}
    return Entry(
        Act.PARTNER_KEY_FOLLOWED, context.on, records=(record(PARTNER, command.party, followed),), details=details
    )
