"""Whatever submissions say, together with any records, the checks answer and never break."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.application.queries.aef_check import NamedRaw, check
from counterfoil.domain.reporting.aef_profile import raw_workbook
from counterfoil.domain.reporting.aef_rows import Submission
from tests.domain.reporting.recorded import averaging, final, records, summaries
from tests.domain.reporting.submissions import FORM, itmo
from tests.domain.reporting.test_round_trip import submissions

serials = st.integers(1, 30)


@st.composite
def crowded(draw: st.DrawFn) -> Submission:
    """A submission of one of three Parties whose rows crowd on thirty serials of one class."""
    one = draw(submissions)
    party = draw(st.sampled_from(["XAA", "XBB", "XCC"]))

    def placed(row):  # type: ignore[no-untyped-def]
        first, last = draw(serials), draw(serials)
        other = draw(st.sampled_from(["XAA", "XBB", "XCC"]))
        there = {"acquiring_party_id": other} if hasattr(row, "acquiring_party_id") else {}
        return replace(row, first_id=itmo(first), last_id=itmo(last), first_transferring_party_id="XAA", **there)

    return replace(
        one,
        party=party,
        reported_year=draw(st.integers(2020, 2026)),
        actions=tuple(placed(row) for row in one.actions),
        holdings=tuple(placed(row) for row in one.holdings),
    )


@given(filed=st.lists(st.one_of(submissions, crowded()), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_submissions_have_an_answer(filed: list[Submission]) -> None:
    books = [NamedRaw(f"{at}.xlsx", raw_workbook(one, FORM)) for at, one in enumerate(filed)]
    beside = records(summaries=[*summaries(), averaging(), final()])
    for outcome in (check(books, FORM), check(books, FORM, "zh-Hant", beside)):
        told = outcome.as_json()
        assert all(one["message"] and one["fix"] for one in told["findings"])
        for hold in outcome.holds:
            assert hold.first <= hold.last


def test_the_first_and_the_last_day_there_is_have_an_answer() -> None:
    from tests.domain.reporting.submissions import acquisition, first_transfer, holding, report, use

    for day in (date(1, 1, 1), date.max):
        rows = (first_transfer(day=day), acquisition(day=day), use(day=day))
        year = min(max(day.year, 1), 9999)
        one = report("XAA", 2024, *rows, holdings=(holding(),))
        filed = [replace(one, reported_year=year), replace(one, party="XBB", reported_year=year)]
        books = [NamedRaw(f"{at}.xlsx", raw_workbook(each, FORM)) for at, each in enumerate(filed)]
        assert check(books, FORM, records=records()).findings
