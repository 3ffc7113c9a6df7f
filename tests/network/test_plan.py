"""Which registries a network has, and what it plays: data that must fit together."""

from datetime import date

from counterfoil.application.commands.table import BY_NAME
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.laws_at_hand import LawsAtHand
from counterfoil.entrypoints.network.plan import Planned, planned
from counterfoil.entrypoints.network.script import Ending, plays

DAY = date(2026, 11, 22)


def plan(*parties: str) -> tuple[Planned, ...]:
    found = planned(parties)
    assert not isinstance(found, Refusal)
    return found


def test_the_plan_has_seven_parties_and_the_mechanism_registry() -> None:
    assert [each.party for each in plan()] == ["THA", "CHE", "IDN", "JPN", "SGP", "GHA", "NOR", "XUN"]
    assert [each.party for each in plan() if not each.is_party] == ["XUN"]


def test_every_pack_of_the_plan_is_loaded_and_is_the_party_s_own() -> None:
    laws = LawsAtHand()
    for each in plan():
        law = laws.law(each.pack) if each.pack else None
        assert (law is None) == (not each.pack)
        assert law is None or law.jurisdiction == (each.party if each.is_party else "")


def test_a_party_is_named_once_and_one_with_a_pack_only_may_join() -> None:
    assert [each.party for each in plan("CHE", "THA", "CHE")] == ["CHE", "THA"]
    [peru] = plan("PER")
    assert (peru.pack, peru.registry, peru.accounts) == ("per", "PER01", ("per:holder",))


def test_a_party_without_a_pack_is_refused_with_those_that_there_are() -> None:
    for code in ("QQQ", "tha", "../THA", ""):
        refusal = planned([code])
        assert isinstance(refusal, Refusal) and refusal.code == "network.party_unknown"
        assert "THA" in str(refusal.facts["known"])


def test_the_plays_name_registries_accounts_and_commands_that_there_are() -> None:
    script = plays(DAY)
    opened = {str(step.fields["account"]) for step in script.steps if step.do == "OpenAccount"}
    accounts = opened | {account for each in plan() for account in each.accounts}
    parties = {each.party for each in plan()}
    assert {step.registry for step in script.steps} <= parties
    assert all(step.do in BY_NAME for step in script.steps)
    assert {move.source for move in script.moves} | {move.target for move in script.moves} <= parties
    assert {str(move.step.fields["source"]) for move in script.moves if "source" in move.step.fields} <= accounts
    nowhere = [move for move in script.moves if str(move.step.fields.get("target", "sgp:buyer")) not in accounts]
    assert [move.code for move in nowhere] == ["account.unknown"]


def test_the_plays_have_transfers_that_end_well_and_faults_of_every_kind() -> None:
    endings = [move.expect for move in plays(DAY).moves]
    assert endings.count(Ending.FINAL) >= 5
    assert {Ending.REFUSED, Ending.EXPIRED, Ending.NOT_BEGUN, Ending.FORGED} <= set(endings)


def test_days_of_the_acts_before_never_go_back() -> None:
    days = [step.on for step in plays(DAY).steps]
    assert days == sorted(days) and days[-1] <= DAY


def test_registries_play_only_what_they_can_play_with_each_other() -> None:
    script = plays(DAY).among(["GHA", "SGP"])
    assert {move.target for move in script.moves} == {"SGP"}
    assert {step.registry for step in script.steps} == {"GHA", "SGP"}
    assert plays(DAY).among(["XUN", "JPN"]).moves == ()


def test_the_mechanism_forwards_only_where_its_host_is_there_too() -> None:
    """Without the host nothing is stated to the mechanism, so it issues nothing, and nobody would add the units."""
    alone = plays(DAY).among(["XUN", "CHE"])
    assert alone.moves == () and [step.do for step in alone.steps if step.registry == "XUN"] == ["OpenAccount"]
    [move] = [move for move in plays(DAY).among(["XUN", "CHE", "GHA"]).moves if move.source == "XUN"]
    assert (move.target, move.host, move.expect) == ("CHE", "GHA", Ending.FINAL)
