"""See a run again, event by event: `python -m tests.simulation.replay SEED`."""

import argparse
import sys

from tests.simulation.plan import ACTS, plan_of
from tests.simulation.run import Failed, Run


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.replay")
    parser.add_argument("seed", type=int)
    parser.add_argument("--acts", type=int, default=ACTS)
    parser.add_argument("--restored", action="store_true", help="one registry comes back from its backup")
    parser.add_argument("--counterfeits", action="store_true", help="the liar makes up units that others hold")
    parser.add_argument("--by-hand", action="store_true", help="over half of the links a person decides")
    asked = parser.parse_args(words)
    plan = plan_of(
        asked.seed,
        acts=asked.acts,
        restored=asked.restored,
        counterfeits=asked.counterfeits,
        by_hand=asked.by_hand,
    )
    print(plan)
    try:
        print(Run(plan, say=print).play())
    except Failed as failed:
        print(failed)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
