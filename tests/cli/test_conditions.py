"""A buyer's list beside the State's word, as somebody reads them before a trade."""

from pathlib import Path

import pytest

from tests.cli.conftest import HISTORY, UNIT, Counterfoil, ndjson

PACK = """\
id = "buyer"
version = "1.0.0"
kind = "list"
title = { en = "A buyer's list", zh-Hant = "買方清單" }

[[source]]
id = "terms"
title = { en = "Terms of purchase", zh-Hant = "採購條件" }
"""
LAW = """\
[fact.label]
type = "yes_no"
label = { en = "Labelled", zh-Hant = "具標章" }

[rule.label]
kind = "requirement"
label = { en = "Only labelled units", zh-Hant = "僅收具標章之單位" }
[[rule.label.dated]]
from = 2021-01-01
source = "terms"
provision = "no. 1"
confidence = "seed"
acts = ["accept"]
needs = ["label", "authorized"]
"""


@pytest.fixture
def buyer(tmp_path: Path) -> Path:
    """The folder of a list that takes authorized and labelled units."""
    folder = tmp_path / "lists" / "buyer"
    (folder / "law").mkdir(parents=True)
    (folder / "pack.toml").write_text(PACK, encoding="utf-8")
    (folder / "law" / "law.toml").write_text(LAW, encoding="utf-8")
    return folder


def test_an_authorized_unit_that_a_list_does_not_accept_stays_valid(
    issued: Path, buyer: Path, counterfoil: Counterfoil
) -> None:
    asked = ("conditions", UNIT, "label=no", "--list", buyer, "--dir", issued)
    result = counterfoil(*asked, "--json")
    (told,) = result.json["lists"]
    assert (result.status, told["acceptance"], result.json["stays_valid"]) == (1, "not_accepted", True)
    assert told["rulings"][0]["facts"]["condition"] == "label"
    state = result.json["state"]
    assert (state["status"], state["authorization"], state["place"]) == ("authorized", "THA-LOA-1", "held")
    assert result.json["units"]["quantity"] == 1916
    assert "stay valid" in counterfoil(*asked).out
    assert "仍屬有效" in counterfoil(*asked, "--lang", "zh-Hant").out
    moved = {"command": "Cancel", "units": {"unit_class": "CA9001-THA01-THA-#-2022", "first": 71, "last": 71}}
    moved |= {"account": "tha:dev", "purpose": "OMGE", "reason": "a gift"}
    assert counterfoil("do", "--dir", issued, stdin=ndjson(moved)).status == 0
    assert counterfoil(*asked, "--json").json["stays_valid"] is False, "a spent unit is at its end"


def test_a_list_accepts_or_leaves_open_what_was_said(issued: Path, buyer: Path, counterfoil: Counterfoil) -> None:
    asked = ("conditions", UNIT, "--list", "buyer", "--packs", buyer.parent, "--dir", issued, "--json")
    result = counterfoil(*asked)
    assert (result.status, result.json["lists"][0]["acceptance"]) == (1, "open")
    assert result.json["lists"][0]["missing"] == ["label"]
    result = counterfoil(*asked, "label=yes")
    assert (result.status, result.json["lists"][0]["acceptance"]) == (0, "accepted")
    assert result.json["lists"][0]["asked"]["authorized"] is True
    assert counterfoil(*asked, "label=yes", "--on", "2020-12-31").json["lists"][0]["acceptance"] == "silent"


def test_the_lists_at_hand_answer_where_none_is_named(issued: Path, buyer: Path, counterfoil: Counterfoil) -> None:
    lists = counterfoil("conditions", UNIT, "--packs", buyer.parent, "--dir", issued, "--json").json["lists"]
    assert {"buyer", "eue"} <= {each["pack"] for each in lists}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("authorized=no",), "conditions.answer_is_known"),
        (("labl=yes",), "conditions.fact_unknown"),
        (("label=perhaps",), "policy.fact_unreadable"),
        (("--list", "twn"), "conditions.not_a_list"),
        (("--list", "nobody"), "pack.absent"),
    ],
)
def test_the_question_is_refused_when_it_cannot_be_put(
    more: tuple[str, ...], code: str, issued: Path, buyer: Path, counterfoil: Counterfoil
) -> None:
    result = counterfoil("conditions", UNIT, "--list", buyer, *more, "--dir", issued, "--json")
    assert (result.status != 0, result.json["code"]) == (True, code)


def test_holds_objections_and_a_letter_taken_back_are_shown(
    registry: Path, buyer: Path, counterfoil: Counterfoil
) -> None:
    terms = {"change_circumstances": "by its terms", "change_process": "notes"}
    history = [{**each, **terms} if each["command"] == "Authorize" else each for each in HISTORY]
    units = {"unit_class": "CA9001-THA01-THA-#-2022", "first": 1, "last": 100}
    held = {"command": "PlaceHold", "hold": "H-1", "units": units, "authority": "office", "reason": "checked"}
    objection = {"command": "RecordObjection", "objection": "O-1", "kind": "activity", "about": "THA-BUS"}
    objection |= {"party": "CHE", "reason": "another period", "answer_by": "2099-01-01"}
    back = {"command": "RevokeAuthorization", "authorization": "THA-LOA-1", "statement": "s", "reason": "r"}
    done = counterfoil("do", "--dir", registry, stdin=ndjson(*history, held, objection, back))
    assert done.status == 0, done.out + done.err
    view = counterfoil("conditions", UNIT, "label=yes", "--list", buyer, "--dir", registry, "--json").json
    assert (view["state"]["holds"], view["state"]["objections"]) == (["H-1"], ["O-1"])
    assert (view["state"]["status"], view["stays_valid"]) == ("unauthorized", False)
    assert view["lists"][0]["acceptance"] == "not_accepted"
    assert "O-1" in counterfoil("conditions", UNIT, "--list", buyer, "--dir", registry).out


def test_what_the_register_knows_is_told_in_the_words_of_an_answer(
    issued: Path, buyer: Path, counterfoil: Counterfoil
) -> None:
    result = counterfoil("conditions", UNIT, "authorized=no", "--list", buyer, "--dir", issued)
    assert "yes" in result.err
    assert "True" not in result.err
