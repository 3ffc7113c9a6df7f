"""Who writes a word that a command does not know is told the words that it knows."""

import pytest

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.wire import command_of

ACTIVITY = {"activity": "A-1", "title": "T", "sector": "Energy", "activity_type": "Solar"}
ATTESTED = {"responsibility": "z", "evidence": "https://example.org/act"}


@pytest.mark.parametrize(
    "command, told",
    [
        ({"command": "RegisterActivity", **ACTIVITY, "mitigation_type": "reducton"}, "(reduction, removal)"),
        ({"command": "Authorize", "authorization": "A-1", "purposes": ["NDD"]}, "(NDC, IMP, OP)"),
        ({"command": "AttestParticipation", "party": "XAA", "attestations": [ATTESTED]}, "(a, b, c, d, e, f)"),
    ],
)
def test_the_words_stand_beside_the_place_of_the_wrong_one(command: dict[str, object], told: str) -> None:
    refusal = command_of(command)
    assert isinstance(refusal, Refusal) and str(refusal.facts["detail"]).endswith(told)


def test_another_mistake_gets_no_words() -> None:
    refusal = command_of({"command": "RegisterActivity", **ACTIVITY, "mitigation_type": 5})
    assert isinstance(refusal, Refusal) and "(" not in str(refusal.facts["detail"])
