"""Why an entry could be done, from the entry itself and from the law that is loaded."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from counterfoil.application.commands.table import COMMANDS
from counterfoil.application.queries.explain import entry_explained, rules_of_code
from counterfoil.domain.ledger.entry import Act
from counterfoil.domain.policy.laws import NO_LAWS, Laws, LawTable
from tests.application.test_lawful import LAWS, NEW_LAW, OLD_LAW, authorizing, office_of, registering


def explained(today: date, laws: Laws, *commands: Any) -> Any:
    office = office_of(today)
    office.do(*commands)
    return entry_explained(office.sight(), office.writer.size - 1, laws)


def test_another_version_of_the_pack_is_named_beside_the_one_that_decided() -> None:
    law = LAWS.law("idn")
    assert law is not None
    view = explained(
        OLD_LAW, LawTable({"idn": replace(law, version="9.0.0")}), registering(additional=True, sdg_count=1)
    )
    assert (view["law"]["version"], view["law"]["loaded"]) == (law.version, "9.0.0")
    assert view["law"]["answer"]["version"] == "9.0.0"


def test_a_pack_that_is_not_loaded_leaves_the_recorded_rules() -> None:
    view = explained(OLD_LAW, NO_LAWS, registering(additional=True, sdg_count=1))
    assert view["law"]["loaded"] is None
    assert view["law"]["answer"] is None
    assert "project_gate" in view["law"]["rules"]


def test_an_act_is_explained_by_the_law_of_its_own_day() -> None:
    asked = {"achieved_t": 28_000_000, "target_t": 30_000_000, "results_paid": False, "minister_authorizes": True}
    view = explained(NEW_LAW, LAWS, authorizing(**asked))
    assert view["law"]["answer"]["on"] == NEW_LAW.isoformat()
    assert view["law"]["answer"]["verdict"] == "allowed"


@pytest.mark.parametrize("act", Act)
def test_every_act_names_the_rule_that_makes_it(act: Act) -> None:
    assert list(rules_of_code(act)), f"no decision of {len(COMMANDS)} names {act}"
