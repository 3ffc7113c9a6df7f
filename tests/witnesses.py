"""Witnesses for tests: a policy that names them, and the line of each under the last checkpoint."""

from nacl.signing import SigningKey

from counterfoil.adapters.signing.ed25519 import FileSigner
from counterfoil.application.commands.set_witness_policy import SetWitnessPolicy
from counterfoil.application.ports import CosignatureRow, Outage
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.checkpoint import read_checkpoint
from counterfoil.domain.ledger.cosignature import cosigned
from counterfoil.domain.ledger.note import Algorithm, NoteKey, read_note
from counterfoil.entrypoints.bootstrap import Writable

SIGNED_AT = 1_700_000_000


def witness_key(seed: int) -> NoteKey:
    """The public key of the witness with that seed."""
    key = SigningKey(bytes([seed]) * 32)
    return NoteKey(f"witness.example/{seed}", bytes(key.verify_key), Algorithm.COSIGNATURE)


def cosign(writable: Writable, *seeds: int) -> None:
    """Set a policy of these witnesses, and keep the line of each under the checkpoint that it made."""
    policy = SetWitnessPolicy(witnesses=tuple(str(witness_key(seed)) for seed in seeds), quorum=1, reason="a test")
    (outcome,) = writable.driver.do([Submission(policy, "test")])
    assert not isinstance(outcome, Refusal | Outage), outcome
    note = read_note(writable.driver.writer.note)
    checkpoint = None if note is None else read_checkpoint(note.text)
    assert note is not None and checkpoint is not None
    for seed in seeds:
        own = FileSigner("witness", SigningKey(bytes([seed]) * 32))
        witness = witness_key(seed)
        line = cosigned(note, witness=witness, timestamp=SIGNED_AT, sign=own.sign).signatures[-1].line()
        row = CosignatureRow(checkpoint.number, witness.name, line)
        assert writable.driver.aside(lambda store, row=row: store.cosign(row)).result()  # type: ignore[misc]
