"""A signer for tests that holds several keys and turns from one to the next, and an office that rotates them."""

from dataclasses import replace

from nacl.signing import SigningKey

from counterfoil.adapters.codec import JsonCodec
from counterfoil.adapters.signing.ed25519 import FileSigner, verify
from counterfoil.adapters.storage.memory.store import MemoryStore
from counterfoil.application.commands.found import Found
from counterfoil.application.commands.open_account import OpenAccount
from counterfoil.application.commands.rotate_key import RotateKey
from counterfoil.application.verification import audit
from counterfoil.application.writer import Writer
from counterfoil.domain.ledger.checkpoint import signed_checkpoint
from counterfoil.domain.ledger.key_history import key_text
from tests.application.office import Office

NAME = "example/xaa"


class Ring:
    """Keys made from numbers, the first of which signs first."""

    def __init__(self, name: str, *seeds: int) -> None:
        self.signers = [FileSigner(name, SigningKey(bytes([seed]) * 32)) for seed in seeds]
        self._current = self.signers[0]

    @property
    def name(self) -> str:
        return self._current.name

    @property
    def public_key(self) -> bytes:
        return self._current.public_key

    def sign(self, message: bytes) -> bytes:
        return self._current.sign(message)

    def holds(self, public_key: bytes) -> bool:
        return any(signer.public_key == public_key for signer in self.signers)

    def turn_to(self, public_key: bytes) -> None:
        self._current = next(signer for signer in self.signers if signer.public_key == public_key)


class Rotating(Office):
    """An office with three keys at hand."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = Ring(NAME, 1, 2, 3)
        # Founded again under the ring: the office of the base class had a random key.
        self.store = MemoryStore()
        self.world = replace(self.world, signer=self.ring, store=self.store)
        self.writer = Writer(self.world)
        self.refound()

    def refound(self) -> None:
        key = key_text(self.ring.public_key)
        self.do(Found(registry="XAA01", party=self.party, name="XAA", origin=NAME, public_key=key))

    def rotate(self, number: int) -> RotateKey:
        return RotateKey(public_key=key_text(self.key(number)), reason="yearly")

    def key(self, number: int) -> bytes:
        return self.ring.signers[number].public_key

    def open(self, *names: str) -> None:
        self.do(*(OpenAccount(account=f"xaa:{name}", holder=name) for name in names))

    def signed_by(self) -> list[int]:
        """The number of the key that signed each checkpoint."""
        signers = []
        for row in self.store.reading().checkpoints():
            good = [
                number
                for number in range(3)
                if signed_checkpoint(row.note, name=NAME, public_key=self.key(number), verify=verify)
            ]
            assert len(good) == 1
            signers.append(good[0])
        return signers

    def audited(self, number: int) -> bool:
        reading = self.store.reading()
        return not audit(reading, JsonCodec(), verify=verify, public_key=self.key(number)).findings
