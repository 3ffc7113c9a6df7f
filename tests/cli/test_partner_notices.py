"""What partners are still to know, as an officer reads it."""

from pathlib import Path

from tests.cli.conftest import Counterfoil, ndjson

LINK = {
    "command": "LinkPartner",
    "party": "CHE",
    "registry": "CHE01",
    "origin": "registry.example/che",
    "public_key": f"{'A' * 43}=",
}
WORD = {
    "command": "AgreeJointIssuance",
    "decision": "JC-1",
    "partner": "CHE",
    "activity": "THA-BUS",
    "vintage": 2022,
    "quantity": 100,
    "shares": {"THA": 60, "CHE": 40},
    "document": "ab" * 32,
    "verification": "V-1",
    "account": "tha:developer",
}


def test_what_is_owed_to_a_partner_is_listed_until_it_is_taken(issued: Path, counterfoil: Counterfoil) -> None:
    assert "no notices" in counterfoil("partner-notices", "--dir", issued).out
    assert counterfoil("do", "--dir", issued, stdin=ndjson(LINK, WORD)).status == 0
    view = counterfoil("partner-notices", "--open", "--dir", issued, "--json").json
    (told,) = view["told"]
    assert (told["id"], told["kind"], told["state"]) == ("N:THA01:CHE:1", "joint_agreed", "owed")
    assert view["taken"] == [] and told["days"] >= 0
    assert "word on a joint issuance  owed" in counterfoil("partner-notices", "--dir", issued).out
    assert "共同核發之意思  待送" in counterfoil("partner-notices", "--dir", issued, "--lang", "zh-Hant").out


def test_what_only_a_partner_may_cause_is_not_done_by_hand(issued: Path, counterfoil: Counterfoil) -> None:
    notice = {
        "command": "TakeNotice",
        "notice": "N:CHE01:THA:1",
        "partner": "CHE",
        "kind": "beneficiary",
        "told_on": "2023-03-31",
        "content": {},
        "message": "ab" * 32,
    }
    done = counterfoil("do", "--dir", issued, "--json", stdin=ndjson(notice))
    assert "command.from_partners_only" in done.out
