"""Check an auditor's bundle offline: python3 verify_auditor.py FOLDER KEY. Python 3.10 or newer, and nothing else.

KEY is the registry's public key in base64 (44 characters); get it by another way than with the bundle. Checked are: the
signature over SHA256SUMS, every file, the root of the journal under the signed checkpoint, and the chain of the trail.
Exit status: 0 all fits, 1 something does not, 2 unusable.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PURPOSE = b"counterfoil auditor bundle\n"
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519, without any library. Source: RFC 8032 section 5.1.7."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    base = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert base is not None
    left = _times(scalar, base)
    right = _sum(commitment, _times(int.from_bytes(digest, "little") % ORDER, public))
    return all((left[each] * right[2] - right[each] * left[2]) % P == 0 for each in (0, 1))


def _point(data: bytes) -> Point | None:
    y, odd = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = x if x % 2 == odd else P - x
    return x, y, 1, x * y % P


def _sum(one: Point, other: Point) -> Point:
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P


def _times(count: int, point: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            found = _sum(found, point)
        point, count = _sum(point, point), count >> 1
    return found


def root_of(leaves: Iterator[bytes]) -> tuple[int, bytes]:
    """How many leaves, and the root of their tree. Source: RFC 6962 section 2.1."""
    stack: list[tuple[int, bytes]] = []
    size = 0
    for leaf in leaves:
        height, node = 0, hashlib.sha256(b"\0" + leaf).digest()
        while stack and stack[-1][0] == height:
            node = hashlib.sha256(b"\1" + stack.pop()[1] + node).digest()
            height += 1
        stack.append((height, node))
        size += 1
    found = stack.pop()[1] if stack else hashlib.sha256(b"").digest()
    while stack:
        found = hashlib.sha256(b"\1" + stack.pop()[1] + found).digest()
    return size, found


def complaints(folder: Path, key: bytes) -> Iterator[str]:
    """What does not fit, part by part."""
    sums = (folder / "SHA256SUMS").read_bytes()
    if not signed(key, PURPOSE + sums, base64.b64decode((folder / "SHA256SUMS.sig").read_text())):
        yield "SHA256SUMS is not signed by this key"
    wanted = {line[66:]: line[:64] for line in sums.decode().splitlines()}
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for name in sorted(set(found) - set(wanted) - {"SHA256SUMS", "SHA256SUMS.sig"}):
        yield f"{name} is not in SHA256SUMS"
    for name, digest in wanted.items():
        if name not in found or hashlib.sha256(found[name].read_bytes()).hexdigest() != digest:
            yield f"{name} is missing or changed"
    yield from _journal(folder, key)
    yield from _trail(folder)


def _journal(folder: Path, key: bytes) -> Iterator[str]:
    with (folder / "journal.ndjson").open("rb") as lines:
        size, root = root_of(line.rstrip(b"\n") for line in lines)
    checkpoints = (folder / "checkpoints.ndjson").read_text("utf-8").splitlines()
    body, _, ends = json.loads(checkpoints[-1])["note"].rpartition("\n\n")
    told = body.split("\n")
    if told[1] != str(size) or base64.b64decode(told[2]) != root:
        yield "the journal is not what the last checkpoint says"
    marks = [base64.b64decode(line.rpartition(" ")[2])[4:] for line in ends.splitlines() if line]
    if not any(signed(key, f"{body}\n".encode(), mark) for mark in marks):
        yield "the last checkpoint is not signed by this key"


def _trail(folder: Path) -> Iterator[str]:
    before = bytes(32)
    for place, line in enumerate((folder / "trail.ndjson").read_text("utf-8").splitlines(), 1):
        row: dict[str, Any] = json.loads(line)
        parts = [row[name] for name in ("number", "at_ms", "actor", "act", "subject", "facts")]
        before = hashlib.sha256(before + json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).digest()
        if row["number"] != place or row["digest"] != before.hex():
            yield f"row {place} of the trail does not follow from the one before"
            return


def main(arguments: list[str]) -> int:
    try:
        found = list(complaints(Path(arguments[1]), base64.b64decode(arguments[2], validate=True)))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        sys.stderr.write(f"Unusable: {error!r}\n")
        return 2
    sys.stdout.write("\n".join(found or ["Everything fits."]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
