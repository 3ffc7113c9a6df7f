"""Many runs, in shards that can be stopped and go on: `python -m tests.simulation.nightly --runs 1000000 --shard 0/2`.

What is done stands in a file beside, one line a shard; what failed is printed with its seed, and the rest goes on.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from tests.simulation.plan import plan_of
from tests.simulation.run import Failed, Run

SAVED_EVERY: Final = 100
FAILED_MAX: Final = 100


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.nightly", description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--shard", default="0/1", help="this shard and how many there are, such as 0/2")
    parser.add_argument("--state", type=Path, default=Path("var/simulation"))
    asked = parser.parse_args(words)
    shard, shards = (int(word) for word in asked.shard.split("/"))
    asked.state.mkdir(parents=True, exist_ok=True)
    state = asked.state / f"shard-{shard}-of-{shards}.json"
    done, failed = _read(state)
    for seed in range(shard + done * shards, asked.runs, shards):
        try:
            Run(plan_of(seed)).play()
        except Failed as found:
            failed.append(seed)
            print(found, flush=True)
        done += 1
        if done % SAVED_EVERY == 0 or len(failed) >= FAILED_MAX:
            _write(state, done, failed)
        if len(failed) >= FAILED_MAX:
            break
    _write(state, done, failed)
    print(f"{done} runs of shard {shard}/{shards}, failed: {failed or 'none'}")
    return 1 if failed else 0


def _read(state: Path) -> tuple[int, list[int]]:
    if not state.exists():
        return 0, []
    kept = json.loads(state.read_text())
    return kept["done"], kept["failed"]


def _write(state: Path, done: int, failed: list[int]) -> None:
    draft = state.with_suffix(".draft")
    draft.write_text(json.dumps({"done": done, "failed": failed}))
    draft.replace(state)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
