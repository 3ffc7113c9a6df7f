"""A file of a monitoring report is read as it stands, in each of its three forms, and each row is judged by itself."""

import io
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.desk.monitoring_checks import Ground, held_against
from counterfoil.entrypoints.web.desk.monitoring_table import ROWS_MAX, MonitoringTableFault, Table, read_table

TODAY = date(2026, 6, 30)


def read(data: bytes) -> Table:
    found = read_table(data, today=TODAY)
    assert isinstance(found, Table), found
    return found


def wrong(data: bytes) -> list[tuple[str, str]]:
    return [(row.wrong, row.at) for row in read(data).rows]


def workbook(*rows: tuple[object, ...]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Monitoring")
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write(line, column, cell)
    return out.getvalue()


def test_each_row_is_looked_at_by_itself() -> None:
    found = wrong(b"year,t\n2024,5\n2024,6\n2031,1\n2023,0\n2022,1.5\n")
    quantity = ("quantity", "quantity")
    assert found == [("", ""), ("twice", "vintage"), ("year", "vintage"), quantity, quantity]


@pytest.mark.parametrize(
    "days, said",
    [
        ("2024-01-01,2024-12-31", ("", "")),
        ("1/1/2024,2024-12-31", ("day", "first_day")),
        ("2024-01-01,", ("half", "last_day")),
        (",2024-01-01", ("half", "first_day")),
        ("2023-12-31,2024-01-01", ("other_year", "first_day")),
        ("2024-03-01,2024-02-01", ("backwards", "last_day")),
    ],
)
def test_the_days_of_a_row_lie_in_its_year_and_in_their_order(days: str, said: tuple[str, str]) -> None:
    assert wrong(f"2024,5,{days}\n".encode()) == [said]


def test_a_day_that_has_not_come_is_not_reported() -> None:
    assert wrong(b"2026,5,2026-01-01,2026-07-01\n") == [("not_over", "last_day")]


def test_a_workbook_csv_and_json_with_the_same_rows_are_the_same_table() -> None:
    said = workbook(
        ("減量年份*", "數量*", "首日", "末日"),
        (2024, 1200, date(2024, 1, 1), date(2024, 6, 30)),
        ("2025", "800", "2025-01-01", "2025-12-31"),
    )
    comma = b"vintage*,quantity*,first day,last day\n2024,1200,2024-01-01,2024-06-30\n2025,800,2025-01-01,2025-12-31\n"
    rows = [
        {"vintage": 2024, "quantity": 1200, "first_day": "2024-01-01", "last_day": "2024-06-30"},
        {"vintage": 2025, "quantity": 800, "first_day": "2025-01-01", "last_day": "2025-12-31"},
    ]
    for data in (said, comma, json.dumps({"activity": "A-1", "monitored": rows}).encode(), json.dumps(rows).encode()):
        table = read(data)
        assert [(row.vintage, row.quantity, row.wrong) for row in table.rows] == [
            ("2024", "1200", ""),
            ("2025", "800", ""),
        ]
        assert (table.sound, table.quantity, table.period) == (True, 2_000, ("2024-01-01", "2025-12-31"))


def test_columns_may_stand_in_another_order_when_the_heading_says_so() -> None:
    table = read("數量,減量年份\n12,2024\n".encode())
    assert [(row.vintage, row.quantity) for row in table.rows] == [("2024", "12")]


@pytest.mark.parametrize("quantity", ["1.5", "true", '"12 t"', "-3", "null", "1e3", "[1]", "1000000000000000"])
def test_a_quantity_that_is_no_whole_number_is_told_in_json(quantity: str) -> None:
    assert wrong(f'[{{"vintage": 2024, "quantity": {quantity}}}]'.encode()) == [("quantity", "quantity")]


TWICE = b'{"monitored": [], "monitored": []}'


@pytest.mark.parametrize("data", [b"{}", b"[1", b'{"monitored": 4}', TWICE, b"[" * 9000])
def test_json_without_rows_is_refused(data: bytes) -> None:
    found = read_table(data, today=TODAY)
    assert isinstance(found, Refusal) and found.code == MonitoringTableFault.UNREADABLE


def test_a_table_that_goes_on_is_cut_and_one_that_is_none_is_told() -> None:
    long = "".join(f"{year},1\n" for year in range(1900, 2026)).encode()
    assert wrong(long)[-1] == ("too_many", "") and len(wrong(long)) == ROWS_MAX + 1
    listed = json.dumps([{"vintage": year, "quantity": 1} for year in range(1900, 2026)]).encode()
    assert wrong(listed)[-1] == ("too_many", "")
    assert all(row.wrong for row in read(b"\x00\xff\x89PNG\n\x00,\x00").rows)
    assert not read(b"").sound


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_stops_the_reader(data: bytes) -> None:
    for begun in (data, b"[" + data, b"PK\x03\x04" + data):
        found = read_table(begun, today=TODAY)
        assert isinstance(found, Table | Refusal)
        assert isinstance(found, Refusal) or not found.sound or found.quantity > 0


def test_the_register_tells_what_is_outside_the_crediting_period_or_reported_before() -> None:
    credited = ((date(2023, 7, 1), date(2025, 12, 31)),)
    reported = (("A-M1", (date(2024, 1, 1), date(2024, 12, 31))),)
    ground = Ground("A", known=True, credited=credited, reported=reported)
    data = b"2022,1\n2023,1\n2024,1\n2025,1\n"
    assert [row.wrong for row in held_against(read(data), ground).rows] == ["not_credited", "", "reported", ""]
    days = b"2023,1,2023-01-01,2023-12-31\n2025,1,2025-01-01,2025-06-30\n2024,1,2024-12-31,2024-12-31\n"
    assert [row.wrong for row in held_against(read(days), ground).rows] == ["not_credited", "", "reported"]
    assert held_against(read(days), Ground("B", known=False)).sound
