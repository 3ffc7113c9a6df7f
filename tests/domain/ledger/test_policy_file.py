"""Trust policies as files (C2SP tlog-policy)."""

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.note import Algorithm, NoteKey
from counterfoil.domain.ledger.policy_file import TrustPolicy, read_policy

LOG = NoteKey("log.example", bytes(32))
W = [str(NoteKey(f"w{number}", bytes([number]) * 32, Algorithm.COSIGNATURE)) for number in range(5)]
NESTED = f"""# two of X, one of Y
log {LOG} https://log.example
witness x1 {W[0]}
witness\tx2  {W[1]}   https://x2.example
 witness x3 {W[2]}

witness y1 {W[3]}
witness y2 {W[4]}
group X 2 x1 x2 x3
group Y any y1 y2
group both all X Y
quorum both
"""


def read(text: str) -> TrustPolicy:
    policy = read_policy(text)
    assert not isinstance(policy, Refusal), policy
    return policy


@pytest.mark.parametrize(
    "signed, met",
    [
        ("x1 x2 y1", True),
        ("x2 x3 y2", True),
        ("x1 x2 x3", False),
        ("x1 y1 y2", False),
        ("", False),
        ("X Y", False),
    ],
)
def test_groups_of_groups_count_as_the_form_says(signed: str, met: bool) -> None:
    names = frozenset(signed.split()) & frozenset(read(NESTED).witnesses)
    assert read(NESTED).met(names) is met


def test_a_single_witness_or_none_may_be_the_quorum() -> None:
    single = read(f"witness a {W[0]}\nquorum a\n")
    assert single.met(frozenset({"a"})) and not single.met(frozenset())
    assert read("quorum none\n").met(frozenset())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none",
        "quorum none\r\n",
        "quorum a\n",
        "quorum none\nquorum none\n",
        f"witness a {W[0]}\n",
        f"witness a {W[0]}\nwitness a {W[1]}\nquorum a\n",
        f"witness a {W[0]}\nwitness b {W[0]}\nquorum a\n",
        f"witness none {W[0]}\nquorum none\n",
        f"witness a {LOG}\nquorum a\n",
        f"log {W[0]}\nquorum none\n",
        f"log {LOG}\nlog {LOG}\nquorum none\n",
        f"quorum g\nwitness a {W[0]}\ngroup g 1 a\n",
        f"witness a {W[0]}\ngroup g 2 a\nquorum g\n",
        f"witness a {W[0]}\ngroup g 0 a\nquorum g\n",
        f"witness a {W[0]}\ngroup g 01 a\nquorum g\n",
        f"witness a {W[0]}\ngroup g any\nquorum g\n",
        f"witness a {W[0]}\ngroup g any a a\nquorum g\n",
        f"witness a {W[0]}\ngroup g any a\ngroup h any a\nquorum g\n",
        "unknown line\nquorum none\n",
        "#" * 70_000 + "\nquorum none\n",
    ],
)
def test_a_policy_is_unreadable_when(text: str) -> None:
    found = read_policy(text)
    assert isinstance(found, Refusal) and found.code == "policy.unreadable"
