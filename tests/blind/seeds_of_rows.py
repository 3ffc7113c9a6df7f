"""Errors in the rows of table 3, each by itself: C24 to C39."""

from datetime import date

from tests.blind.sowing import seed
from tests.blind.worlds import AIR, BUS, GAS, HYDRO, STOVES, TO_PARTY, World, act

D = date


# Table 3, row by row


@seed("C24", "I", "C56")
def an_action_of_the_year_before(world: World) -> None:
    """By its date the cancelled units were not held on 31 December any more."""
    world["XCC", 2025].put(auth=GAS.auth).to(day=D(2024, 12, 31))


@seed("C24", "I")
def an_action_of_new_year(world: World) -> None:
    """Its place in the history stays: only the year of the report is wrong."""
    world["XCC", 2025].put(first=BUS.id(901), kind="Use").to(day=D(2026, 1, 1))


@seed("C25")
def a_use_with_the_subtype_of_a_cancellation(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(subtype="Other cancellations")


@seed("C26", "I", "C62", "C64")
def an_acquisition_names_no_giver(world: World) -> None:
    world["XCC", 2024].put(auth=STOVES.auth).to(giver="NA")


@seed("C26", "I", "C62", "C64")
def an_acquisition_from_oneself(world: World) -> None:
    world["XCC", 2024].put(auth=STOVES.auth).to(giver="XCC")


@seed("C26")
def a_use_names_a_giver(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(giver="XAA")


@seed("C27", "I", "C63", "C64")
def a_first_transfer_abroad_names_no_taker(world: World) -> None:
    world["XAA", 2022].put(auth=GAS.auth).to(taker="NA")


@seed("C27", "I", "C63", "C64")
def a_transfer_to_oneself(world: World) -> None:
    world["XAA", 2024].put(auth=STOVES.auth, kind="Transfer").to(taker="XAA")


@seed("C27")
def an_issuance_names_a_taker(world: World) -> None:
    world["XAA", 2023].put(auth=AIR.auth).to(taker="XBB")


@seed("C28")
def a_use_names_no_user(world: World) -> None:
    world["XCC", 2025].put(auth=STOVES.auth).to(user="NA")


@seed("C28")
def a_cancellation_names_no_canceller(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(user="NA")


@seed("C28")
def a_use_for_another_party(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(user="XCC")


@seed("C29")
def a_use_for_no_year(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(used_for="NA")


@seed("C29")
def a_use_for_a_year_to_come(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(used_for=2026)


@seed("C29")
def a_cancellation_for_a_year(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(used_for=2025)


@seed("C30")
def a_use_for_a_year_before_the_period(world: World) -> None:
    world["XCC", 2025].put(auth=STOVES.auth).to(used_for=2020)


@seed("C30")
def a_unit_is_carried_over_into_the_next_period(world: World) -> None:
    for year in (2021, 2022, 2023):
        world["XCC", year].heading.update(last=2023)
    for year in (2024, 2025):
        world["XCC", year].heading.update(first=2024, last=2030)


@seed("C31", "I", "C45")
def the_acquirer_reports_a_first_transfer(world: World) -> None:
    """The serials are first transferred again, too."""
    world["XBB", 2024].put(first=BUS.id(901), kind="Transfer").to(kind="First transfer", subtype=TO_PARTY)


@seed("C32", "W", "C63", "C64")
def the_host_acquires_what_never_left(world: World) -> None:
    row = act(BUS, D(2025, 9, 9), "Acquisition", None, 4_000, 4_009, giver="XBB")
    world["XAA", 2025].acts.append(row)


@seed("C33", "I", "C48:N")
def an_id_is_no_identifier(world: World) -> None:
    world["XAA", 2023].put(auth=AIR.auth).to(last="CA9003-XAA-800-2022")


@seed("C33")
def the_ids_are_of_two_vintages(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(last=GAS.id(9).replace("-2021", "-2022"))


@seed("C33")
def the_range_runs_backwards(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(first=GAS.id(9), last=GAS.id(1))


@seed("C34")
def the_host_column_differs(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(host="XBB")


@seed("C34")
def the_vintage_column_differs(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(vintage=2022)


@seed("C34", "I", "C40")
def the_approach_column_differs(world: World) -> None:
    """The authorization belongs to the other approach, which is its own error."""
    world["XCC", 2025].put(auth=GAS.auth).to(approach="CA9005")


@seed("C35")
def the_quantity_is_one_too_large(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(co2=10)


@seed("C35")
def a_non_ghg_block_has_no_amount(world: World) -> None:
    world["XCC", 2025].put(auth=HYDRO.auth, kind="Use").to(amount="NA")


@seed("C36", "I", "C35")
def the_quantity_is_zero(world: World) -> None:
    world["XCC", 2025].put(auth=GAS.auth).to(co2=0)


@seed("C37")
def the_underlying_registry_is_left_out(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(under="NA")


@seed("C37")
def the_underlying_units_are_too_many(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(under_last="VCS-1529-VCU-20,601")


@seed("C37")
def the_last_underlying_unit_is_left_out(world: World) -> None:
    world["XBB", 2025].put(first=BUS.id(1)).to(under_last="NA")


@seed("C38")
def the_authorization_comes_after_the_action(world: World) -> None:
    world["XAA", 2022].grant(auth=GAS.auth).to(dated=D(2022, 12, 31))
    for party in ("XAA", "XCC"):
        world[party, 2022].put(auth=GAS.auth).to(day=D(2022, 12, 30))


@seed("C39")
def the_vintage_is_outside_the_time_frame(world: World) -> None:
    world["XAA", 2022].grant(auth=GAS.auth).to(frame="Occurred: from 2022 to 2030")


@seed("C39")
def the_use_is_outside_the_time_frame(world: World) -> None:
    world["XAA", 2022].grant(auth=GAS.auth).to(frame="Occurred: from 2021 to 2030. Use: from 2021 to 12/2024")
