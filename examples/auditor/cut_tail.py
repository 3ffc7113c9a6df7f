"""Do to an export what a dishonest operator could do: take off the last entry and its checkpoint, and tidy up.

    python cut_tail.py EXPORT

The last entry of the demonstration records a submitted report: it sets three records and moves no unit, so only the
records need tidying. Nothing inside the export tells afterwards. Somebody who kept a checkpoint does: see README.md.
"""

import json
import sys
from pathlib import Path


def lines(path):
    return path.read_text(encoding="utf-8").splitlines(keepends=True)


def main():
    folder = Path(sys.argv[1])
    journal = lines(folder / "journal.ndjson")
    kept, notes = journal[:-1], lines(folder / "checkpoints.ndjson")
    assert json.loads(notes[-2])["entries"] == len(kept), "the last checkpoint covers more than one entry"
    records = {}
    for line in kept:
        leaf = json.loads(line)
        for kind, key, value in leaf.get("records", ()):
            records[kind, key] = {"kind": kind, "key": key, "value": value, "entry": leaf["seq"]}
    (folder / "journal.ndjson").write_text("".join(kept), encoding="utf-8")
    (folder / "checkpoints.ndjson").write_text("".join(notes[:-1]), encoding="utf-8")
    told = [json.dumps(row, ensure_ascii=False) + "\n" for row in records.values()]
    (folder / "records.ndjson").write_text("".join(told), encoding="utf-8")


if __name__ == "__main__":
    main()
