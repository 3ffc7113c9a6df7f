"""Check a registry's export without Counterfoil: leaves, tree, signatures, replay, tables. Needs Python and PyNaCl.

    python check_export.py EXPORT [--kept CHECKPOINT]

`--kept` names a file with a checkpoint that you kept: then a journal that was cut off or rewritten since is found.
Written from docs/explanation/journal-format.md alone. Exit status: 0 sound, 1 not sound, 2 not an export.
"""

import argparse
import base64
import bisect
import hashlib
import json
import sys
from collections import defaultdict
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

SOURCES = {"issued", "imported", "from"}
TERMINAL = {"used", "cancelled", "retired"}


class Unsound(Exception):
    """The first thing that does not fit."""


def require(fits, what):
    if not fits:
        raise Unsound(what)


def first_word(account):
    return account.partition(":")[0]


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Tree:
    """An RFC 6962 tree, by the roots of its complete subtrees."""

    def __init__(self):
        self.size, self.roots = 0, []

    def append(self, leaf):
        node, size = sha256(b"\0", leaf), self.size
        while size & 1:
            node, size = sha256(b"\1", self.roots.pop(), node), size >> 1
        self.roots.append(node)
        self.size += 1

    def root(self):
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = sha256(b"\1", left, node)
        return node


def opened(note, key):
    """The lines of a checkpoint whose signature fits the key."""
    text, _, line = note.rpartition("\n\n")
    text += "\n"
    dash, name, signed = line.rstrip("\n").split(" ")
    raw = base64.b64decode(signed, validate=True)
    require(dash == "\u2014" and raw[:4] == sha256(name.encode(), b"\n\1", key)[:4], "a note names another key")
    try:
        VerifyKey(key).verify(text.encode(), raw[4:])
    except CryptoError:
        raise Unsound("a checkpoint is not signed by the registry's key") from None
    origin, size, root, number, recorded, _epoch, end = text.split("\n")
    require(name == origin and end == "", "a checkpoint has another form")
    return int(size), base64.b64decode(root), int(number.split()[1]), recorded.split()[1]


class Books:
    """What the journal says, replayed with nothing but the rules of the format."""

    def __init__(self):
        self.firsts = defaultdict(list)
        self.blocks = defaultdict(dict)
        self.records, self.balances = {}, defaultdict(int)

    def apply(self, leaf):
        seq, correcting = leaf["seq"], "corrects" in leaf
        sums, met = defaultdict(int), set()
        posts = list(leaf.get("posts", ()))
        for kind, first, last, source, target in leaf.get("moves", ()):
            posts += [["units", kind, source, first - last - 1], ["units", kind, target, last - first + 1]]
        for book, commodity, account, amount in posts:
            sums[book, commodity] += amount
            self.balances[book, commodity, account] += amount
        require(not any(sums.values()), f"entry {seq} does not balance")
        for kind, key, value in leaf.get("records", ()):
            self.records[kind, key] = (value, seq)
        for move in leaf.get("moves", ()):
            met |= self.move(seq, move, correcting=correcting)
        for kind, first, last, facts in leaf.get("facts", ()):
            for block, low, high in self.cut(seq, kind, first, last, met):
                merged = {name: value for name, value in {**block[2], **facts}.items() if value is not None}
                self.put(kind, low, (high, block[1], merged, seq))
        require(sorted(met - {seq}) == leaf.get("follows", []), f"entry {seq} follows other entries")
        for book, commodity, account, _ in posts:
            below = book == "units" and first_word(account) not in SOURCES
            require(not below or self.balances[book, commodity, account] >= 0, f"entry {seq} overdraws {account}")

    def move(self, seq, move, *, correcting):
        kind, first, last, source, target = move
        born, dies = first_word(source) in SOURCES, first_word(target) in SOURCES
        require(correcting or not (first_word(source) in TERMINAL or (born and dies)), f"entry {seq} may not move so")
        met = set()
        if born:
            require(not self.covering(kind, first, last), f"entry {seq} creates units that exist")
            self.put(kind, first, (last, target, {}, seq))
            return met
        for block, low, high in self.cut(seq, kind, first, last, met):
            require(block[1] == source, f"entry {seq} moves units that {source} does not hold")
            if not dies:
                self.put(kind, low, (high, target, block[2], seq))
        return met

    def covering(self, kind, first, last):
        firsts = self.firsts[kind]
        at = max(bisect.bisect_right(firsts, first) - 1, 0)
        found = []
        while at < len(firsts) and firsts[at] <= last:
            if self.blocks[kind][firsts[at]][0] >= first:
                found.append(firsts[at])
            at += 1
        return found

    def cut(self, seq, kind, first, last, met):
        """Take `first` to `last` out of their blocks, leave the outer pieces, and give the inner ones."""
        inner, expected = [], first
        for start in self.covering(kind, first, last):
            block = self.blocks[kind].pop(start)
            self.firsts[kind].remove(start)
            require(start <= expected, f"entry {seq} touches units that do not exist")
            expected = block[0] + 1
            met.add(block[3])
            if start < first:
                self.put(kind, start, (first - 1, *block[1:]))
            if last < block[0]:
                self.put(kind, last + 1, block)
            inner.append((block, max(start, first), min(block[0], last)))
        require(expected > last, f"entry {seq} touches units that do not exist")
        return inner

    def put(self, kind, first, block):
        bisect.insort(self.firsts[kind], first)
        self.blocks[kind][first] = block


def rows(path):
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check_journal(folder, key, kept):
    """Every leaf, and every checkpoint at the size that it signs."""
    tree, books, seals = Tree(), Books(), {}
    notes = [(row, *opened(row["note"], key)) for row in rows(folder / "checkpoints.ndjson")]
    waiting, commands, last_at = iter(notes), set(), ""
    upcoming = next(waiting, None)
    with (folder / "journal.ndjson").open("rb") as journal:
        for line in journal:
            data = line.removesuffix(b"\n")
            leaf = json.loads(data)
            seq = tree.size
            require(canonical(leaf) == data and len(data) <= 16_384, f"entry {seq} is not in canonical form")
            require(leaf["seq"] == seq and leaf["command"] not in commands, f"entry {seq} is out of place")
            require(leaf["at"] >= last_at, f"entry {seq} was recorded before the one before it")
            last_at = leaf["at"]
            commands.add(leaf["command"])
            tree.append(data)
            books.apply(leaf)
            seals.update({(seq, field): seal for field, seal in leaf.get("sealed", {}).items()})
            if kept is not None and tree.size == kept[0]:
                require(tree.root() == kept[1], "the journal was rewritten since the kept checkpoint")
            if upcoming is not None and tree.size == upcoming[1]:
                row, _, root, number, recorded = upcoming
                fits = row["number"] == number and row["entries"] == tree.size and recorded == last_at
                fits = fits and row["frontier"] == b"".join(tree.roots).hex() and root == tree.root()
                require(fits, f"checkpoint {row['number']} does not fit the journal")
                upcoming = next(waiting, None)
    require(upcoming is None and notes and notes[-1][1] == tree.size, "the last checkpoint does not cover the journal")
    require([note[3] for note in notes] == list(range(1, len(notes) + 1)), "a checkpoint is missing")
    require(kept is None or kept[0] <= tree.size, "entries were cut off since the kept checkpoint")
    return tree, books, seals


def check_tables(folder, books, seals):
    """The exported tables against the replay."""
    blocks = {
        (kind, first, last): (account, facts, seq)
        for kind, held in books.blocks.items()
        for first, (last, account, facts, seq) in held.items()
    }
    stored = {
        (row["unit_class"], row["first"], row["last"]): (row["account"], row["facts"], row["entry"])
        for row in rows(folder / "blocks.ndjson")
    }
    require(stored == blocks, "the blocks are not what the journal says")
    records = {(row["kind"], row["key"]): (row["value"], row["entry"]) for row in rows(folder / "records.ndjson")}
    require(records == books.records, "the records are not what the journal says")
    balances = {
        (row["book"], row["commodity"], row["account"]): row["amount"]
        for row in rows(folder / "balances.ndjson")
        if row["amount"]
    }
    require(
        balances == {key: amount for key, amount in books.balances.items() if amount},
        "the balances are not what the journal says",
    )
    openings = folder / "openings.ndjson"
    for row in rows(openings) if openings.exists() else ():
        seal = sha256(bytes.fromhex(row["salt"]), canonical([row["field"], row["value"]])).hex()
        require(seals.get((row["entry"], row["field"])) == seal, f"an opening of entry {row['entry']} does not fit")


def say(text):
    sys.stdout.write(f"{text}\n")


def main():
    parser = argparse.ArgumentParser(description="Check a registry's export without Counterfoil.")
    parser.add_argument("export", type=Path)
    parser.add_argument("--kept", type=Path, help="a file with a checkpoint that you kept")
    asked = parser.parse_args()
    try:
        key = base64.b64decode((asked.export / "registry.pub").read_text().strip())
        kept = None if asked.kept is None else opened(asked.kept.read_text(encoding="utf-8"), key)
        tree, books, seals = check_journal(asked.export, key, kept)
        check_tables(asked.export, books, seals)
    except Unsound as unsound:
        say(f"not sound: {unsound}")
        return 1
    except (OSError, ValueError, KeyError, TypeError, IndexError) as unusable:
        say(f"not a readable export: {type(unusable).__name__}: {unusable}")
        return 2
    blocks = sum(map(len, books.blocks.values()))
    say(f"sound: {tree.size} entries, {blocks} blocks, root {tree.root().hex()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
