"""What an export holds, file by file: the journal to the byte, and the tables that follow from it.

The same register gives the same bytes: rows are sorted, and nothing tells when or where the export was made.
Read next: `export_guide.py`, which describes each column.
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol

from counterfoil.adapters.durable import made_folder
from counterfoil.adapters.signing.trusted_key import journal_key
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.account import role
from counterfoil.domain.units.identifier import identifier
from counterfoil.entrypoints.bootstrap import Readable
from counterfoil.entrypoints.cli.export_guide import TABLES, dictionary_rows, guide
from counterfoil.entrypoints.language import Texts

SUMS: Final = "SHA256SUMS"
Row = Mapping[str, Any]
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class ExportFault(StrEnum):
    NOT_EMPTY = "export.not_empty"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What beside the public register is exported. `further` writes files of its own, and signs the list of hashes."""

    openings: bool
    evidence: bool
    further: "Further | None" = None


class Further(Protocol):
    """More than the public register: what an auditor takes away."""

    def write(self, folder: Path) -> None: ...
    def seal(self, sums: bytes) -> str: ...


def export(
    readable: Readable, out: Path, wanted: Wanted, languages: Sequence[Texts], *, progress: Callable[[int], None]
) -> dict[str, int] | Refusal:
    """Write the export into `out`, an empty or new folder, and give the size of each file in bytes."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        return Refusal(ExportFault.NOT_EMPTY, {"folder": str(out)})
    # The export holds the public key, so that its readers can check the journal.
    journal_key(readable.folder.public_key, readable.reading, readable.codec)
    made_folder(out.parent)
    draft = out.parent / f".{out.name}.unfinished"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _write_all(readable, draft, wanted, languages, progress)
        if out.exists():
            out.rmdir()
        os.replace(draft, out)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return {str(path.relative_to(out)): path.stat().st_size for path in _files(out)}


def _write_all(
    readable: Readable, folder: Path, wanted: Wanted, languages: Sequence[Texts], progress: Callable[[int], None]
) -> None:
    sight = Sight(readable.reading, readable.codec, readable.evidence)
    _journal(sight, folder / "journal.ndjson", progress)
    for name, rows in _tables(sight, wanted):
        _table(folder, name, rows)
    (folder / "registry.pub").write_bytes(readable.folder.public_key.read_bytes())
    if wanted.evidence and readable.folder.evidence.is_dir():
        shutil.copytree(readable.folder.evidence, folder / "evidence")
    (folder / "README.md").write_text(guide(sight.registry, languages), "utf-8")
    with (folder / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(dictionary_rows(languages))
    if wanted.further is not None:
        wanted.further.write(folder)
    sums = [f"{_digest(path)}  {path.relative_to(folder)}\n" for path in _files(folder)]
    (folder / SUMS).write_text("".join(sums), "utf-8")
    if wanted.further is not None:
        (folder / f"{SUMS}.sig").write_text(wanted.further.seal("".join(sums).encode()) + "\n", "utf-8")


def _journal(sight: Sight, path: Path, progress: Callable[[int], None]) -> None:
    """The leaves as they were hashed, one on each line: a leaf holds no line break."""
    with path.open("wb") as file:
        for row in sight.reading.journal():
            file.write(row.leaf)
            file.write(b"\n")
            if row.seq % 1024 == 0:
                progress(row.seq + 1)


def _tables(sight: Sight, wanted: Wanted) -> Iterator[tuple[str, Iterable[Row]]]:
    yield "leaves", _leaves(sight)
    yield "blocks", _blocks(sight)
    yield "records", _records(sight)
    yield "balances", _balances(sight)
    yield "checkpoints", _checkpoints(sight)
    if wanted.openings:
        yield "openings", _openings(sight)


def _leaves(sight: Sight) -> Iterator[Row]:
    for row in sight.reading.journal():
        yield {"entry": row.seq, "command": row.command, "leaf_hash": row.leaf_hash.hex()}


def _blocks(sight: Sight) -> Iterator[Row]:
    for holding in sight.all_holdings():
        serials = holding.serials
        yield {
            "unit_class": holding.unit_class,
            "first": serials.first,
            "last": serials.last,
            "quantity": serials.size,
            "first_id": identifier(holding.unit_class, serials.first),
            "last_id": identifier(holding.unit_class, serials.last),
            "account": holding.account,
            "facts": holding.facts,
            "entry": holding.seq,
        }


def _records(sight: Sight) -> Iterator[Row]:
    for row in sight.reading.records():
        yield {"kind": row.kind, "key": row.key, "value": sight.codec.decode(row.value), "entry": row.seq}


def _balances(sight: Sight) -> Iterator[Row]:
    """Units by account and class, told by the blocks; then the balances of the other books and of source accounts."""
    units: dict[tuple[str, str], int] = {}
    for holding in sight.all_holdings():
        key = (holding.account, holding.unit_class)
        units[key] = units.get(key, 0) + holding.serials.size
    rows = [("units", commodity, account, amount) for (account, commodity), amount in units.items()]
    rows += [(row.book, row.commodity, row.account, row.amount) for row in sight.reading.balances()]
    for book, commodity, account, amount in sorted(rows):
        kind = role(account).value if book == "units" else ""
        yield {"book": book, "commodity": commodity, "account": account, "role": kind, "amount": amount}


def _checkpoints(sight: Sight) -> Iterator[Row]:
    for row in sight.reading.checkpoints():
        yield {"number": row.number, "entries": row.size, "frontier": row.frontier.hex(), "note": row.note}


def _openings(sight: Sight) -> Iterator[Row]:
    for row in sight.reading.openings():
        value = sight.codec.decode(row.value)
        yield {"entry": row.seq, "field": row.field, "salt": row.salt.hex(), "value": value}


def _table(folder: Path, name: str, rows: Iterable[Row]) -> None:
    """One table twice, as CSV and as NDJSON, written in one pass. Nested values stand in a CSV cell as JSON."""
    columns = TABLES[name]
    opener = _private if name == "openings" else None
    with (
        open(folder / f"{name}.csv", "w", encoding="utf-8", newline="", opener=opener) as sheet,
        open(folder / f"{name}.ndjson", "w", encoding="utf-8", newline="", opener=opener) as lines,
    ):
        writer = csv.writer(sheet, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row[column]) for column in columns])
            lines.write(_json(row) + "\n")


def _private(path: str, flags: int) -> int:
    """For what is confidential: readable by its owner alone."""
    return os.open(path, flags, 0o600)


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front; the NDJSON has it as it is."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value if isinstance(value, int) else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
