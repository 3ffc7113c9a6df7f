"""Evidence that ends with its process, for tests and simulations."""

from collections.abc import Sequence

from counterfoil.adapters.evidence.files import bounded_digest


class MemoryEvidence:
    """The contract of `FileEvidence`, without the folder."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        digest = bounded_digest(data)
        self._kept[digest] = data
        return digest

    def put_all(self, documents: Sequence[bytes]) -> None:
        for data in documents:
            self.put(data)

    def get(self, digest: str) -> bytes | None:
        return self._kept.get(digest)

    def has(self, digest: str) -> bool:
        return digest in self._kept
