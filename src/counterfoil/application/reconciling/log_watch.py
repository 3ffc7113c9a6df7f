"""Partners as witnesses: each shows the other its newest checkpoint, which is checked, noted and cosigned.

A log that was cut back or rewritten is refused, opens a case, and suspends the link. What was seen is durable before
anything is signed.
Read before: `domain/ledger/witness_request.py`. Source: C2SP tlog-witness, section add-checkpoint; ADR-0033.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, TypeAlias

from counterfoil.application.command import Registry
from counterfoil.application.commands.open_case import OpenCase
from counterfoil.application.commands.witness_partner import PARTNER_LOG, WitnessPartner
from counterfoil.application.covering import checkpoint_of_size
from counterfoil.application.draft import Outcome
from counterfoil.application.ports import CheckpointRow, CosignatureRow, Reading, Store, World
from counterfoil.application.reconciling.case_book import open_cases
from counterfoil.application.reconciling.talk import Told
from counterfoil.application.witnessing import request_for
from counterfoil.application.writer import Submission
from counterfoil.domain.federation.case import CaseKind, Mender
from counterfoil.domain.federation.link import Partner
from counterfoil.domain.federation.partner_witness import cosigning_keys
from counterfoil.domain.federation.reconciliation import ReconciliationFault
from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.instant import utc_ms
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import Checkpoint, read_checkpoint
from counterfoil.domain.ledger.cosignature import WitnessPolicy, cosigned, witnessed
from counterfoil.domain.ledger.note import Algorithm, Note, NoteKey, read_note, read_signatures
from counterfoil.domain.ledger.witness_request import RequestFault, WitnessRequest, cosignable, read_request

BY: Final = "reconciliation"
_SECOND_MS: Final = 1_000
Do: TypeAlias = Callable[[Sequence[Submission]], list[Outcome]]
Aside: TypeAlias = Callable[[Callable[[Store], object]], object]
Ask: TypeAlias = Callable[[Mapping[str, JSON]], Told | Refusal]
_REWRITTEN: Final = frozenset({RequestFault.FORKED.value, RequestFault.NOT_CONSISTENT.value})


@dataclass(frozen=True, slots=True)
class Watched:
    """How far two registries saw each other's logs: sizes in entries, and why one did not sign."""

    shown: int
    cosigned: bool
    seen: int
    refusal: Refusal | None = None


class LogWatch:
    """One registry as witness of its partners, and they of it. `do` and `aside` must not be called by the writer."""

    def __init__(self, world: World, registry: Callable[[], Registry], do: Do, aside: Aside) -> None:
        self._world = world
        self._registry = registry
        self._do = do
        self._aside = aside

    # Asked

    def answered(self, told: Told) -> Mapping[str, JSON] | Refusal:
        """The answer to a question about logs."""
        question: Any = told.body
        try:
            match question["ask"]:
                case "seen":
                    return {"size": self._seen(told.partner.party)[0]}
                case "witness":
                    line = self._looked(told.partner, str(question["request"]), sent_at=told.sent_at)
                    return line if isinstance(line, Refusal) else {"line": line}
                case "checkpoint":
                    request = self._request(int(question["old"]))
                    return request if isinstance(request, Refusal) else {"request": str(request)}
                case _:
                    return {"kept": self._kept(told.partner, str(question["line"]), int(question["size"]))}
        except (KeyError, TypeError, ValueError) as unreadable:
            return Refusal(ReconciliationFault.QUESTION_UNREADABLE, {"detail": str(unreadable)[:80]})

    # Asking

    def exchange(self, partner: Partner, ask: Ask) -> Watched:
        """Show our log, keep the partner's line; look at the partner's, and send ours."""
        shown, cosigned_by, refusal = self._show(partner, ask)
        refusal = self._look(partner, ask) or refusal
        return Watched(shown, cosigned_by, self._seen(partner.party)[0], refusal)

    def _show(self, partner: Partner, ask: Ask) -> tuple[int, bool, Refusal | None]:
        seen = _number(ask({"ask": "seen"}), "size")
        if isinstance(seen, Refusal):
            return 0, False, seen
        request = self._request(seen)
        if isinstance(request, Refusal):
            # The partner saw more than is here now: it is shown the log as it is, and decides.
            request = self._request(0)
        if isinstance(request, Refusal):
            return 0, False, request
        size = _size(request.note)
        answer = ask({"ask": "witness", "request": str(request)})
        line = answer if isinstance(answer, Refusal) else str(answer.body.get("line", ""))
        if isinstance(line, Refusal):
            return size, False, line
        return size, self._kept(partner, line, size), None

    def _look(self, partner: Partner, ask: Ask) -> Refusal | None:
        seen, _ = self._seen(partner.party)
        answer = ask({"ask": "checkpoint", "old": seen})
        if isinstance(answer, Refusal):
            if seen:
                # It cannot go on from what was seen here: then it may show what it has from the beginning.
                answer = ask({"ask": "checkpoint", "old": 0})
            if isinstance(answer, Refusal):
                return answer
        line = self._looked(partner, str(answer.body.get("request", "")))
        if isinstance(line, Refusal):
            return line
        kept = ask({"ask": "keep", "line": line, "size": self._seen(partner.party)[0]})
        return kept if isinstance(kept, Refusal) else None

    # Both

    def _request(self, old: int) -> WitnessRequest | Refusal:
        reading = self._world.store.reading()
        try:
            return request_for(reading, old=old)
        finally:
            reading.close()

    def _seen(self, party: str) -> tuple[int, bytes]:
        reading = self._world.store.reading()
        try:
            row = reading.record(PARTNER_LOG, party)
        finally:
            reading.close()
        value: Any = {"size": 0, "root": ""} if row is None else self._world.codec.decode(row.value)
        return int(value["size"]), bytes.fromhex(value["root"])

    def _looked(self, partner: Partner, text: str, *, sent_at: str = "") -> str | Refusal:
        """Our line on a partner's checkpoint, once it is known durably that we saw it.

        Args:
            sent_at: When a question that shows it was signed; an answer to our own question is new.
        """
        request = read_request(text)
        if isinstance(request, Refusal):
            return request
        size, root = self._seen(partner.party)
        last = Checkpoint(partner.origin, size, root, 0, "", 0) if size else None
        keys = tuple(NoteKey(partner.origin, key) for key, _ in partner.keys())
        checkpoint = cosignable(request, last, logs=keys, verify=self._world.verify)
        if isinstance(checkpoint, Refusal):
            return self._refused(partner, request, checkpoint, seen=0 if self._overtaken(partner, sent_at) else size)
        if checkpoint.size > size:
            note = self._world.evidence.put(str(request.note).encode())
            witness = WitnessPartner(
                partner=partner.party, old=size, size=checkpoint.size, root=checkpoint.root.hex(), note=note
            )
            outcome = self._do([Submission(witness, BY)])[0]
            if isinstance(outcome, Refusal):
                return outcome
            if isinstance(outcome, Exception):
                raise outcome
        return self._line(request.note)

    def _line(self, note: Note) -> str:
        signer = self._world.signer
        own = NoteKey(signer.name, signer.public_key, Algorithm.COSIGNATURE)
        now_s = self._world.clock.now_ms() // 1000
        return cosigned(note, witness=own, timestamp=now_s, sign=signer.sign).signatures[-1].line()

    def _refused(self, partner: Partner, request: WitnessRequest, refusal: Refusal, *, seen: int) -> Refusal:
        """A log that shrank, or another tree of the same size, is kept as evidence and opens a case, once."""
        shrank = refusal.code == RequestFault.OTHER_SIZE and _size(request.note) < seen
        if (shrank or refusal.code in _REWRITTEN) and not self._alarmed(partner.party):
            text = str(request).encode()
            case = OpenCase(
                id=f"case:{partner.party}-log-{sha256(text).hexdigest()[:24]}",
                case=f"{partner.party}-log-{sha256(text).hexdigest()[:12]}",
                partner=partner.party,
                kind=CaseKind.FORKED,
                mender=Mender.THEM,
                blocked=False,
                units=(),
                evidence=self._world.evidence.put(text),
            )
            self._do([Submission(case, BY)])
        return refusal

    def _overtaken(self, partner: Partner, sent_at: str) -> bool:
        """Whether a question is older than the checkpoint that was seen since: its log has not shrunk, it has grown.

        Both moments are by the partner's own clock. Whoever overheard such a question may bring it again.
        """
        reading = self._world.store.reading()
        try:
            row = reading.record(PARTNER_LOG, partner.party)
        finally:
            reading.close()
        value: Any = {} if row is None else self._world.codec.decode(row.value)
        kept = self._world.evidence.get(value["note"]) if value.get("note") else None
        note = None if kept is None else read_note(kept.decode())
        checkpoint = None if note is None else read_checkpoint(note.text)
        seen, sent = None if checkpoint is None else utc_ms(checkpoint.recorded_at), utc_ms(sent_at)
        return seen is not None and sent is not None and sent + _SECOND_MS <= seen

    def _alarmed(self, party: str) -> bool:
        """Whether a case about the partner's log stands already."""
        reading = self._world.store.reading()
        try:
            return any(case.kind is CaseKind.FORKED for case in open_cases(reading, self._world.codec, party))
        finally:
            reading.close()

    def _kept(self, partner: Partner, text: str, size: int) -> bool:
        """Keep a partner's line on our own checkpoint of a size; False where it is none."""
        reading = self._world.store.reading()
        try:
            row = _row_of(reading, size)
        finally:
            reading.close()
        lines = read_signatures(text)
        own = None if row is None else read_note(row.note)
        if row is None or own is None or lines is None or len(lines) != 1:
            return False
        signed = Note(own.text, lines)
        policies = (WitnessPolicy((key,), 1) for key in cosigning_keys(partner))
        good = any(witnessed(signed, policy, verify=self._world.verify).enough for policy in policies)
        kept = CosignatureRow(row.number, partner.origin, lines[0].line())
        if good:
            self._aside(lambda store: store.cosign(kept))
        return good


def _row_of(reading: Reading, size: int) -> CheckpointRow | None:
    return checkpoint_of_size(reading, size) if size > 0 else None


def _number(answer: Told | Refusal, name: str) -> int | Refusal:
    if isinstance(answer, Refusal):
        return answer
    value = answer.body.get(name)
    if type(value) is int and value >= 0:
        return value
    return Refusal(ReconciliationFault.QUESTION_UNREADABLE, {"detail": name})


def _size(note: Note) -> int:
    checkpoint = read_checkpoint(note.text)
    return 0 if checkpoint is None else checkpoint.size
