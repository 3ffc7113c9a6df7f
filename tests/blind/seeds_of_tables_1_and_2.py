"""Errors in tables 1 and 2: C03 to C22."""

from datetime import date

from tests.blind.sowing import moved, seed
from tests.blind.worlds import AIR, BUS, GAS, HYDRO, STOVES, TREES, WIND, World, grant

D = date


# Table 1


@seed("C03", "B")
def the_file_name_says_another_year(world: World) -> None:
    world["XAA", 2021].name = "XAA_2022_1.0.xlsx"


@seed("C04", "B")
def the_same_version_comes_twice(world: World) -> None:
    world["XAA", 0] = world["XAA", 2021].__class__("XAA", 2021, name="again.xlsx")


@seed("C05", "B")
def an_older_version_comes_later(world: World) -> None:
    world["XAA", 2021].heading["version"] = "2.0"
    late = {"version": "1.3", "submitted": D(2022, 4, 2)}
    world["XAA", 0] = world["XAA", 2021].__class__("XAA", 2021, heading=late, name="old.xlsx")


@seed("C06", "B")
def the_party_fills_the_result_of_the_check(world: World) -> None:
    world["XBB", 2023].heading["result"] = "Checked, no inconsistencies identified"


@seed("C06", "B")
def the_party_links_its_own_document(world: World) -> None:
    world["XAA", 2023].grants[0]["document"] = "letter.pdf"


@seed("C06", "B")
def the_party_fills_the_result_of_a_row(world: World) -> None:
    world["XAA", 2023].acts[0]["result"] = "OK"


@seed("C07", "B")
def the_date_of_submission_is_a_text(world: World) -> None:
    world["XAA", 2021].heading["submitted"] = "01/04/2022"


@seed("C07", "B", "C60:N")
def the_last_column_of_table_5_holds_no_text(world: World) -> None:
    world["XAA", 2023].entities[1]["note"] = D(2023, 1, 1)


@seed("C07", "B", "C20:N", "C60:N")
def the_identification_number_is_missing(world: World) -> None:
    world["XAA", 2023].entities[0]["entity"] = None


@seed("C07", "B", "C40:N", "C54:N")
def the_time_frame_is_prose(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(frame="until further notice")


@seed("C08")
def the_sector_is_in_no_list(world: World) -> None:
    world["XAA", 2024].grant(auth=WIND.auth).to(sectors="Other")


@seed("C08")
def the_action_type_has_a_capital_too_many(world: World) -> None:
    world["XAA", 2022].put(kind="First transfer").to(kind="First Transfer")


@seed("C08")
def the_mitigation_type_is_the_combined_one(world: World) -> None:
    for book in world.values():
        for row in (*book.acts, *book.held):
            if row["auth"] == GAS.auth:
                row["mitigation"] = "Emission reductions and removals"


@seed("C08")
def the_activity_type_is_in_no_list(world: World) -> None:
    world["XAA", 2024].grant(auth=WIND.auth).to(activities="Wind, Windmills")


@seed("C09")
def the_ndc_period_runs_backwards(world: World) -> None:
    world["XCC", 2021].heading.update(first=2030, last=2021)


@seed("C09")
def the_year_is_not_over(world: World) -> None:
    world["XCC", 2021].heading["submitted"] = D(2021, 12, 31)


@seed("C10")
def one_report_states_another_period(world: World) -> None:
    world["XBB", 2022].heading["last"] = 2025


@seed("C11", "W", "C10")
def the_year_lies_outside_the_period(world: World) -> None:
    world["XBB", 2021].heading.update(first=2022)


@seed("C12", "W")
def the_report_is_a_day_late(world: World) -> None:
    world["XBB", 2021].heading["submitted"] = D(2022, 4, 16)


# Table 2


@seed("C14")
def a_version_is_skipped(world: World) -> None:
    world["XCC", 2024].grant(auth=TREES.auth, version=2).to(version=3)


@seed("C14", "I")
def a_version_stands_twice(world: World) -> None:
    world["XAA", 2023].grants.append(dict(world["XAA", 2023].grants[0]))


@seed("C15")
def an_authorization_of_next_year(world: World) -> None:
    world["XBB", 2024].grant(auth=HYDRO.auth).to(dated=D(2025, 1, 1))


@seed("C16")
def other_purposes_are_not_described(world: World) -> None:
    world["XAA", 2023].grant(auth=AIR.auth).to(oimp="NA")


@seed("C16")
def ndc_only_has_a_definition(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(definition="Issuance")


@seed("C17")
def one_approach_has_two_definitions(world: World) -> None:
    more = {"oimp": "International aviation", "definition": "Authorization"}
    world["XAA", 2023].grants.append(grant(AIR, D(2023, 3, 1), "IMP", **more) | {"auth": "XAA-AIR-4"})


@seed("C18")
def the_non_ghg_metric_has_no_name(world: World) -> None:
    world["XBB", 2024].grant(auth=HYDRO.auth).to(unit="NA")


@seed("C18")
def a_ghg_authorization_names_another_metric(world: World) -> None:
    world["XAA", 2023].grant(auth=AIR.auth).to(unit="MWh")


@seed("C19")
def nothing_is_authorized(world: World) -> None:
    world["XAA", 2023].grants.append(grant(BUS, D(2023, 7, 1), "NDC", quantity=0) | {"auth": "XAA-BUS 2"})


@seed("C20")
def the_authorized_party_does_not_exist(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(parties="XBB, XCC, ABQ")


@seed("C20")
def the_authorized_entity_is_in_no_table_5(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(entities="B-77, B-78")


@seed("C21")
def the_time_frame_ends_before_it_begins(world: World) -> None:
    world["XAA", 2023].grants.append(grant(BUS, D(2023, 7, 1), "NDC", frame="2030 - 2024") | {"auth": "XAA-BUS 2"})


@seed("C21")
def the_time_frame_begins_too_early(world: World) -> None:
    world["XAA", 2023].grant(auth=BUS.auth).to(frame="2019 - 2030")


@seed("C21")
def the_use_may_come_after_the_deadline(world: World) -> None:
    world["XAA", 2023].grant(auth=AIR.auth).to(frame="Occurred: from 2022 to 2030. Use: from 2023 to 2035")


@seed("C22")
def an_amendment_takes_a_purpose_from_units_abroad(world: World) -> None:
    row = dict(world["XAA", 2024].grant(auth=STOVES.auth).only)
    world["XAA", 2025].grants.append(moved(row, version=2, dated=D(2025, 1, 1), purposes="IMP"))


@seed("C22")
def an_authorization_is_rewritten_without_a_new_version(world: World) -> None:
    row = dict(world["XAA", 2023].grant(auth=BUS.auth).only)
    world["XAA", 2024].grants.append(moved(row, quantity=6_000))


@seed("C22")
def an_amendment_that_the_terms_forbid_after_first_transfer(world: World) -> None:
    granted = world["XAA", 2024].grant(auth=STOVES.auth)
    granted.to(terms="Changes only before first transfer.")
    row = dict(granted.only)
    world["XAA", 2025].grants.append(moved(row, version=2, dated=D(2025, 1, 1), purposes="IMP"))
