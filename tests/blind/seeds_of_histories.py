"""Errors that show against the authorization, the history, the holdings and the other Party: C40 to C70."""

from datetime import date

from tests.blind.sowing import moved, seed
from tests.blind.worlds import AIR, BUS, GAS, HYDRO, STOVES, TO_PARTY, WIND, World, act, entity, grant, held

D = date


# Table 3, against the authorization and the history


@seed("C40", "I")
def the_authorization_is_in_no_table(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(auth="XAA-GAS-OLD")


@seed("C41")
def a_use_for_an_ndc_that_was_not_authorized(world: World) -> None:
    ndc = {"kind": "Use", "subtype": None, "purpose": "NA", "used_for": 2025}
    world["XBB", 2025].put(auth=AIR.auth).to(**ndc)


@seed("C41")
def a_cancellation_for_another_purpose(world: World) -> None:
    world["XBB", 2025].put(auth=AIR.auth).to(purpose="OP")


@seed("C41", "I")
def an_oimp_cancellation_of_an_ndc_unit(world: World) -> None:
    ended = {"kind": "Cancellation", "subtype": "Other cancellations", "purpose": "IMP", "used_for": "NA"}
    world["XBB", 2025].put(first=BUS.id(1)).to(**ended)


@seed("C42", "I", "C61")
def a_party_that_is_not_authorized_uses(world: World) -> None:
    world["XAA", 2024].grant(auth=STOVES.auth).to(parties="XBB")


@seed("C42", "I", "C60")
def an_entity_that_is_not_authorized_uses(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(601)).to(entity="B-99")


@seed("C43")
def the_first_transfer_has_no_subtype(world: World) -> None:
    world["XAA", 2022].put(auth=GAS.auth).to(subtype=None)


@seed("C43")
def a_dual_purpose_unit_leaves_after_its_issuance_as_a_first_transfer(world: World) -> None:
    book = world["XAA", 2024]
    book.acts.remove(book.put(auth=STOVES.auth, kind="First transfer").only)
    book.put(auth=STOVES.auth).to(kind="First transfer", subtype=TO_PARTY)


@seed("C43")
def the_subtype_is_another_definition(world: World) -> None:
    world["XAA", 2023].put(auth=AIR.auth).to(subtype="Authorization")


@seed("C44")
def a_first_transfer_for_oimp_after_the_deadline(world: World) -> None:
    """The period of the host ended in 2021, so its final report falls due in 2024 and the last day was in 2023."""
    world["XAA", 2021].heading.update(last=2021)
    for year in (2022, 2023, 2024, 2025):
        world["XAA", year].heading.update(first=2022)
    row = world["XAA", 2024].put(auth=STOVES.auth, kind="First transfer").only
    world["XAA", 2024].acts.append(
        moved(
            row,
            **GAS.cells(10, 12),
            day=D(2024, 1, 1),
            subtype="Use or cancellation",
            user="XAA",
        )
    )


@seed("C45", "I")
def a_serial_is_first_transferred_twice(world: World) -> None:
    first = act(AIR, D(2023, 6, 20), "First transfer", "Issuance", 800, 800, purpose="IMP")
    world["XAA", 2023].acts.append(first)


@seed("C46", "I", "C50")
def a_serial_is_used_twice_by_one_party(world: World) -> None:
    row = act(BUS, D(2025, 3, 1), "Use", None, 700, 700, registry="XBB01", user="XBB", used_for=2025)
    world["XBB", 2025].acts.append(row)


@seed("C47", "I", "C50", "C62", "C64")
def a_used_unit_is_transferred(world: World) -> None:
    row = act(BUS, D(2025, 3, 1), "Transfer", None, 1, 10, registry="XBB01", taker="XCC")
    world["XBB", 2025].acts.append(row)


@seed("C48", "I")
def a_unit_is_transferred_before_its_first_transfer(world: World) -> None:
    world["XAA", 2024].put(auth=STOVES.auth, kind="First transfer").to(day=D(2024, 7, 7))


@seed("C48", "I", "C63", "C64")
def the_first_transfer_is_not_reported(world: World) -> None:
    book = world["XAA", 2022]
    book.acts.remove(book.put(auth=GAS.auth).only)


@seed("C49", "I", "C45", "C51")
def a_row_stands_twice(world: World) -> None:
    """A first transfer reported again is also a second first transfer, and more than was authorized."""
    book = world["XAA", 2024]
    book.acts.append(dict(book.put(auth=WIND.auth, subtype="Authorization").only))


@seed("C49", "I", "C46", "C50")
def a_use_stands_twice(world: World) -> None:
    book = world["XCC", 2025]
    book.acts.append(dict(book.put(auth=STOVES.auth).only))


@seed("C50", "I", "C56")
def a_party_uses_what_it_does_not_hold(world: World) -> None:
    """Their holder still reports them, so used units are held."""
    row = act(BUS, D(2025, 3, 1), "Use", None, 701, 800, registry="XCC01", user="XCC", used_for=2025)
    world["XCC", 2025].acts.append(row)


@seed("C51", "I")
def more_is_first_transferred_than_authorized(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(quantity=1_259)


# Table 4


@seed("C52", "I")
def a_held_serial_stands_twice(world: World) -> None:
    world["XAA", 2023].held.append(held(BUS, "XAA01", 5_000, 5_000))


@seed("C53", "I")
def a_held_quantity_is_wrong(world: World) -> None:
    world["XBB", 2024].hold(auth=AIR.auth).to(co2=99)


@seed("C53", "I", "C58")
def a_held_vintage_is_wrong(world: World) -> None:
    world["XCC", 2024].hold(auth=GAS.auth).to(vintage=2022)


@seed("C53", "I", "C54")
def a_held_approach_is_wrong(world: World) -> None:
    world["XCC", 2024].hold(auth=GAS.auth).to(approach="CA9005")


@seed("C54", "I", "C58")
def a_held_authorization_is_in_no_table(world: World) -> None:
    world["XBB", 2025].hold(auth=AIR.auth).to(auth="XAA-AIR-9")


@seed("C55", "I")
def a_held_block_is_left_out(world: World) -> None:
    book = world["XBB", 2025]
    book.held.remove(book.hold(auth=AIR.auth).only)


@seed("C55", "I")
def the_host_leaves_out_for_one_year_what_it_first_transferred_at_home(world: World) -> None:
    book = world["XAA", 2024]
    book.held.remove(book.hold(auth=WIND.auth).only)


@seed("C55", "I")
def a_held_block_is_one_too_long(world: World) -> None:
    book = world["XCC", 2025]
    book.held = [held(HYDRO, "XCC01", 51, 102) if row["auth"] == HYDRO.auth else row for row in book.held]


@seed("C56", "I", "C55")
def a_used_unit_is_still_held(world: World) -> None:
    world["XBB", 2025].held.append(held(BUS, "XBB01", 1, 600))


@seed("C57", "I", "C55")
def two_parties_hold_one_serial(world: World) -> None:
    world["XCC", 2024].held.append(held(BUS, "XCC01", 1, 10))


@seed("C58", "I")
def a_holding_has_another_mitigation_type(world: World) -> None:
    world["XCC", 2024].hold(auth=GAS.auth).to(mitigation="Removals")


@seed("C58", "I")
def a_holding_has_another_authorization(world: World) -> None:
    world["XAA", 2023].grants.append(grant(BUS, D(2023, 7, 1), "NDC") | {"auth": "XAA-BUS 2"})
    world["XCC", 2024].hold(auth=BUS.auth).to(auth="XAA-BUS 2")


# Table 5


@seed("C59", "I")
def an_entity_has_no_country(world: World) -> None:
    world["XAA", 2023].entities[0]["country"] = None


@seed("C59", "I")
def an_entity_has_two_names(world: World) -> None:
    world["XBB", 2023].entities.append(entity(D(2023, 6, 1), "Fund of B", "XBB", "B-77", "CA9001"))


@seed("C59", "I")
def an_entity_stands_twice(world: World) -> None:
    world["XAA", 2023].entities.append(dict(world["XAA", 2023].entities[0]))


@seed("C60", "I", "C20")
def an_entity_is_listed_for_another_approach(world: World) -> None:
    world["XAA", 2023].entities[0]["approach"] = "CA9003"


@seed("C60", "I")
def an_entity_is_authorized_too_late(world: World) -> None:
    world["XAA", 2023].entities[1]["dated"] = D(2024, 7, 2)


@seed("C60", "I")
def a_cancelling_entity_is_in_no_table_5(world: World) -> None:
    book = world["XAA", 2023]
    book.entities.remove(next(row for row in book.entities if row["entity"] == "AIR-9"))


# Between Parties


@seed("C61", "I", "C42")
def a_party_that_takes_no_part_holds_units(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(parties="XBB")


@seed("C62", "I", "C64", "C55")
def one_unit_arrives_less(world: World) -> None:
    book = world["XBB", 2024]
    book.put(first=BUS.id(301)).to(**{key: BUS.cells(301, 699)[key] for key in ("last", "co2", "under_last")})


@seed("C62", "I", "C55", "C64")
def an_acquisition_is_not_reported(world: World) -> None:
    book = world["XCC", 2024]
    book.acts.remove(book.put(auth=STOVES.auth).only)


@seed("C63", "I", "C55", "C64")
def a_transfer_is_not_reported(world: World) -> None:
    book = world["XBB", 2024]
    book.acts.remove(book.put(first=BUS.id(901), kind="Transfer").only)


@seed("C63", "I", "C62", "C64")
def the_taker_names_another_giver(world: World) -> None:
    world["XCC", 2024].put(auth=BUS.auth).to(giver="XAA")


@seed("C64", "I", "C35")
def the_amounts_differ_and_the_serials_do_not(world: World) -> None:
    world["XCC", 2024].put(auth=STOVES.auth).to(co2=71)


@seed("C65", "W")
def the_two_sides_are_dated_six_days_apart(world: World) -> None:
    world["XCC", 2024].put(auth=STOVES.auth).to(day=D(2024, 6, 12))


@seed("C66", "I")
def the_mitigation_type_changes_on_the_way(world: World) -> None:
    world["XCC", 2024].put(auth=STOVES.auth).to(mitigation="Removals")


@seed("C66", "I", "C70")
def the_underlying_units_shift_on_the_way(world: World) -> None:
    shifted = {"under_first": "VCS-1529-VCU-20,902", "under_last": "VCS-1529-VCU-21,001"}
    world["XCC", 2024].put(auth=BUS.auth).to(**shifted)


@seed("C66", "I")
def the_sectors_change_on_the_way(world: World) -> None:
    row = dict(world["XAA", 2023].grant(auth=BUS.auth).only)
    world["XBB", 2023].grants.append(moved(row, sectors="Agriculture", entities=None))


@seed("C68", "I", "C55")
def units_vanish_at_home(world: World) -> None:
    for year in (2024, 2025):
        book = world["XAA", year]
        book.held.remove(book.hold(auth=AIR.auth).only)


@seed("C69", "I", "C46", "C50")
def two_parties_use_one_serial(world: World) -> None:
    row = act(BUS, D(2025, 3, 1), "Use", None, 901, 950, registry="XBB01", user="XBB", used_for=2025)
    world["XBB", 2025].acts.append(row)


@seed("C70", "I")
def one_underlying_unit_stands_behind_two_serials(world: World) -> None:
    units = {"under": "VCS", "under_first": "VCS-1529-VCU-20,001", "under_last": "VCS-1529-VCU-20,009"}
    world["XAA", 2022].put(auth=GAS.auth).to(**units)


@seed("C48")
def the_host_sends_units_by_a_plain_transfer(world: World) -> None:
    """Error 18 of the rulebook, at the side of units that did leave: both Parties agree, and nobody owes anything."""
    new, day = (1_261, 1_300), D(2025, 7, 7)
    world["XAA", 2025].acts.append(act(BUS, day, "Transfer", None, *new, taker="XBB"))
    world["XBB", 2025].acts.append(act(BUS, day, "Acquisition", None, *new, registry="XBB01", giver="XAA"))
    world["XAA", 2025].hold(first=BUS.id(1_261)).to(**BUS.cells(1_301, 5_000))
    world["XBB", 2025].held.append(held(BUS, "XBB01", *new))


@seed("C41")
def a_first_transfer_by_issuance_names_no_purpose(world: World) -> None:
    world["XAA", 2023].put(auth=AIR.auth).to(purpose="NA")


@seed("C66")
def the_authorization_has_another_metric_than_its_rows(world: World) -> None:
    world["XAA", 2022].grant(auth=GAS.auth).to(metric="non-GHG", unit="MWh", gwp="NA")


@seed("C64", "I", "C35")
def the_giver_states_another_amount_than_its_serials(world: World) -> None:
    world["XAA", 2022].put(auth=GAS.auth).to(co2=10)
