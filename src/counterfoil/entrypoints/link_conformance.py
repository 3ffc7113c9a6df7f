"""A conformance kit: plays bad and good messages to a partner's registry, and compares its answers with the protocol.

No case changes a book: each is refused by a check that stands before any act, or takes back what never was. So it may
be run against any implementation that is linked with this registry, whatever it is written in.
Source: ADR-0032; ADR-0035; docs/reference/transfer-checks.md.
"""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from counterfoil.adapters.peers.http_peer import HttpPeer
from counterfoil.application.federation.exchange import LineAnswer, Peer
from counterfoil.application.ports import Outage
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.message import Message, MessageKind
from counterfoil.domain.kernel.canonical import canonical
from counterfoil.domain.kernel.instant import utc_text
from counterfoil.entrypoints.link_trial import Sealer, is_of, read_found, trial

AHEAD_MS: Final = 3_600_000
NOBODY: Final = "QQQ"
"""A code that no registry can have: it is not assigned."""


class Play(NamedTuple):
    """One case: what is handed in, the code that answers it, and whether a signed message must come back."""

    name: str
    check: str
    line: bytes
    code: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case. `found` is the code that was answered, or what went wrong instead."""

    name: str
    check: str
    expected: str
    found: str
    holds: bool

    def json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def plays(seal: Sealer, partner: Partner, *, now_ms: int) -> Iterator[Play]:
    """Every case, in the order of the checks."""
    good = trial(seal.party, partner.party, at=utc_text(now_ms))
    head, content, signature = seal(good).split(b".")
    yield Play("no signature", "T03", b".".join((head, content)), "message.unsigned")
    yield Play("another algorithm", "T03", b".".join((_none(), content, signature)), "message.unsigned")
    yield Play("padding", "T03", b".".join((head, content, signature + b"==")), "message.unsigned")
    yield Play("spaces in the content", "T04", seal.content(_spaced(good)), "message.unreadable")
    yield Play("a member missing", "T04", seal(replace(good, body={})), "message.unreadable")
    yield Play("another version", "T05", seal(replace(good, version=99)), "message.version")
    yield Play("another recipient", "T06", seal(replace(good, recipient=NOBODY)), "message.not_for_us")
    yield Play("an unknown sender", "T07", seal(replace(good, sender=NOBODY)), "message.sender_unknown")
    yield Play("an unknown key", "T08", _renamed(head, content, signature), "message.key_unknown")
    other = seal(replace(good, transfer="other")).split(b".")[2]
    yield Play("another message's signature", "T09", b".".join((head, content, other)), "message.signature")
    future = replace(good, sent_at=utc_text(now_ms + AHEAD_MS))
    yield Play("from the future", "T11", seal(future), "message.from_future")
    yield Play("a name that is none", "T12", seal(replace(good, transfer="no name!")), "transfer.id_unreadable")
    yield Play("a withdrawal of what never was", "T12", seal(good), "message.sequence", signed=True)
    yield Play("the same once more", "T12", seal(good), "message.sequence", signed=True)
    refusal = replace(good, kind=MessageKind.REFUSAL, body={"effective_on": good.sent_at[:10], "code": "x"})
    yield Play("a refusal of what never was", "T12", seal(refusal), "message.sequence")


def conform(peer: HttpPeer, seal: Sealer, partner: Partner, *, now_ms: int) -> list[Verdict]:
    """Play every case, all but the first two in one bundle, and judge the answers.

    Raises:
        Outage: the partner cannot be reached.
    """
    cases = list(plays(seal, partner, now_ms=now_ms))
    verdicts = [_discovery(peer, partner), _empty(peer)]
    answers = peer.post([case.line for case in cases])
    return verdicts + [_judged(case, answer, partner) for case, answer in zip(cases, answers, strict=True)]


def _discovery(peer: HttpPeer, partner: Partner) -> Verdict:
    found = read_found(partner.address, peer.discovery())
    said = getattr(found, "party", "unreadable")
    return Verdict("discovery", "-", partner.party, str(said), said == partner.party)


def _empty(peer: Peer) -> Verdict:
    said = _tried(lambda: f"{len(peer.post([]))} answers")
    return Verdict("an empty bundle", "-", "0 answers", said, said == "0 answers")


def _tried(work: Callable[[], str]) -> str:
    try:
        return work()
    except Outage as outage:
        return str(outage.code)


def _judged(case: Play, answer: LineAnswer, partner: Partner) -> Verdict:
    back = any(is_of(text, partner) for text in answer.answers)
    found = answer.code or answer.outcome
    if case.signed and not back:
        found = f"{found}, nothing signed in return"
    return Verdict(case.name, case.check, case.code, found, found == case.code and answer.outcome == "refused")


def _none() -> bytes:
    return base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=")


def _spaced(message: Message) -> bytes:
    """The same message in another spelling."""
    return canonical(message.as_json()).replace(b'":', b'": ')


def _renamed(head: bytes, content: bytes, signature: bytes) -> bytes:
    """The message under a key that nobody has."""
    header = base64.urlsafe_b64decode(head + b"=" * (-len(head) % 4))
    start = header.index(b'"kid":"') + 7
    other = header[:start] + b"A" * 43 + header[start + 43 :]
    return b".".join((base64.urlsafe_b64encode(other).rstrip(b"="), content, signature))
