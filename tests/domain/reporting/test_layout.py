"""The layout puts every field where a reader of the format looks for it."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from counterfoil.domain.reporting.aef_format import AefFormat, CodeList
from counterfoil.domain.reporting.aef_layout import Look, aef_layout
from tests.domain.reporting.submissions import (
    FORM,
    SHEET_3,
    authorization,
    entity,
    first_transfer,
    holding,
    laid_out,
    report,
)

NOTE = "Demonstration: simulated acts · 示範：模擬行為"
ONE = report(
    "XAA",
    2024,
    first_transfer(),
    authorizations=(
        authorization(sectors=("Transportation", "Waste management"), authorized_party_ids=("XBB", "XCC")),
    ),
    holdings=(holding(),),
    entities=(entity(),),
    note=NOTE,
)


def row(sheet: str, number: int, one: object = ONE) -> list[object]:
    book = laid_out(one)  # type: ignore[arg-type]
    return list(next(raw for raw in book.sheets if raw.name == sheet).rows[number - 1])


def test_there_are_seven_sheets_in_order() -> None:
    assert [sheet.name for sheet in aef_layout(ONE, FORM)] == [
        "Index",
        "Summary information",
        "Table 1 Submission",
        "Table 2 Authorizations",
        "Table 3 Actions",
        "Table 4 Holdings",
        "Table 5 Auth. entities",
    ]


def test_the_result_of_the_consistency_check_falls_on_c9() -> None:
    assert row("Table 1 Submission", 9)[1:] == [
        "Result of the consistency check of this AEF submission",
        "{Information in this field is populated by the CARP}",
    ]


def test_table_1_holds_label_and_value_side_by_side() -> None:
    values = [row("Table 1 Submission", number)[2] for number in range(4, 13)]
    carp = "{Information in this field is populated by the CARP}"
    link = "{Link to be produced by the CARP}"
    assert values == ["XAA", "1.0", 2024, date(2025, 3, 31), carp, carp, 2021, 2030, link]


def test_the_title_stands_above_the_header_and_the_data_follow_directly() -> None:
    assert row(SHEET_3, 3) == [None, "Table 3: Actions"]
    assert row(SHEET_3, 4)[:3] == [None, "Action date", "Action type"]
    assert row(SHEET_3, 5)[:3] == [None, date(2024, 3, 1), "First transfer"]


def test_the_note_stands_on_the_index_and_above_every_table() -> None:
    for sheet in FORM.sheets[1:]:
        assert row(sheet, 1) == [None, NOTE]
    assert ["Note · 註記", NOTE] in [row("Index", number)[1:] for number in range(4, 10)]


def test_without_a_note_the_rows_stay_where_they_are() -> None:
    assert row(SHEET_3, 4, replace(ONE, note=None)) == row(SHEET_3, 4)


def test_a_field_that_does_not_apply_is_na_and_one_that_was_not_given_is_empty() -> None:
    header, data = row(SHEET_3, 4), row(SHEET_3, 5)
    shown = dict(zip(header, data, strict=True))
    assert shown["Applicable non-GHG metric"] == "NA"
    assert shown["Transferring participating Party ID"] == "NA"
    assert shown["Underlying unit registry ID"] == "NA"
    assert shown["Additional explanatory information"] is None
    assert shown["Quantity (in non-GHG metric)"] is None
    holdings = dict(zip(row("Table 4 Holdings", 4), row("Table 4 Holdings", 5), strict=True))
    assert holdings["Quantity (in non-GHG metric)"] == "NA"


def test_lists_are_separated_by_commas() -> None:
    shown = dict(zip(row("Table 2 Authorizations", 4), row("Table 2 Authorizations", 5), strict=True))
    assert shown["Sector(s)"] == "Transportation, Waste management"
    assert shown["Authorized Party(ies) ID"] == "XBB, XCC"


def test_the_summary_lists_the_field_names_under_each_table() -> None:
    column = [cells[1] for cells in (row("Summary information", number) for number in range(3, 93)) if len(cells) > 1]
    for table in FORM.tables:
        at = column.index(table.title)
        assert column[at + 1 : at + 1 + len(table.fields)] == [spec.label for spec in table.fields]


def test_a_profile_writes_its_own_spelling_of_a_listed_word() -> None:
    words = FORM.lists["first_transfer_definitions"]
    british = CodeList(values=words.values, aliases=words.aliases, emit={"Authorization": "Authorisation"})
    form: AefFormat = replace(FORM, lists={**FORM.lists, "first_transfer_definitions": british})
    one = replace(ONE, authorizations=(authorization(purposes="IMP", first_transfer_definition="Authorization"),))
    table = next(sheet for sheet in aef_layout(one, form) if sheet.name == "Table 2 Authorizations")
    body = next(laid for laid in table.rows if laid.look is Look.BODY)
    assert "Authorisation" in body.cells


def test_a_fraction_stays_exact_until_it_is_written() -> None:
    one = replace(ONE, actions=(first_transfer(metric="non-GHG", quantity_co2=Fraction(45, 2), quantity_non_ghg=1000),))
    assert Fraction(45, 2) in row(SHEET_3, 5, one)


def test_an_empty_year_has_headers_and_no_rows() -> None:
    empty = laid_out(report("XCC", 2024))
    assert [len(sheet.rows) for sheet in empty.sheets[3:]] == [4, 4, 4, 4]
