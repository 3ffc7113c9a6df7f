"""The secretariat's results with the holds that they found, and imported submissions."""

from datetime import date
from typing import Any

import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.hold import HoldFault, PlaceHold, ReleaseHold
from counterfoil.application.commands.import_submission import (
    CHECKS_MAX,
    CheckCount,
    FileForm,
    ImportFault,
    ImportSubmission,
)
from counterfoil.application.commands.record_consistency_result import RecordConsistencyResult, ResultFault
from counterfoil.application.commands.submit_aef import AefFault
from counterfoil.application.commands.transfer import Transfer
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.ledger.availability import UnitsFault
from counterfoil.domain.ledger.entry import Entry
from counterfoil.domain.reporting.consistency_result import RANGES_MAX
from counterfoil.domain.reporting.finding import CheckStatus
from counterfoil.domain.units.identifier import IdentifierFault
from counterfoil.domain.units.serials import SerialsFault
from tests.domain.commands.desk import Case, after, check_refused, titles, units
from tests.domain.commands.scene import DEV, SHOP, V2023, issuing_host
from tests.domain.commands.test_hold import hold, release
from tests.domain.commands.test_submit_aef import submission

HASH = "0a" * 32


def result(**changes: Any) -> RecordConsistencyResult:
    content: dict[str, Any] = {
        "result": "CC-1",
        "party": Party("THA"),
        "year": 2025,
        "version": "1.0",
        "status": CheckStatus.INCONSISTENT,
        "told_on": date(2026, 3, 30),
        "sha256": HASH,
        "findings": 1,
        "ranges": (units(V2023, 40, 50),),
    }
    return RecordConsistencyResult(**{**content, **changes})


def held(first: int = 40, last: int = 50, **changes: Any) -> PlaceHold:
    content: dict[str, Any] = {
        "hold": "CC-1:1",
        "units": units(V2023, first, last),
        "authority": "UNFCCC secretariat",
        "reason": "C50",
        "source": "CC-1",
    }
    return PlaceHold(**{**content, **changes})


def imported(**changes: Any) -> ImportSubmission:
    content: dict[str, Any] = {
        "party": Party("CHE"),
        "year": 2025,
        "version": "1.0",
        "submitted_on": date(2026, 3, 1),
        "sha256": HASH,
        "form": FileForm.WORKBOOK,
        "profile": "checker-2025",
        "status": CheckStatus.CONSISTENT,
    }
    return ImportSubmission(**{**content, **changes})


FEW = tuple(Units(V2023, serial, serial) for serial in range(1, RANGES_MAX + 2))
REFUSALS = (
    Case("a result has no name", ResultFault.ID_UNREADABLE, lambda _: result(result="")),
    Case("a part is the nought", ResultFault.ID_UNREADABLE, lambda _: result(part=0)),
    Case("a result's Party has two letters", AefFault.PARTY_UNREADABLE, lambda _: result(party="TH")),
    Case("a result's version is unreadable", AefFault.VERSION_UNREADABLE, lambda _: result(version="1")),
    Case("a result has no hash", AefFault.DIGEST_UNREADABLE, lambda _: result(sha256="")),
    Case(
        "a result was recorded",
        ResultFault.ALREADY_RECORDED,
        after(submission(), result(), then=result(status=CheckStatus.CONSISTENT, ranges=())),
    ),
    Case("our version was not submitted", ResultFault.VERSION_UNKNOWN, after(submission(), then=result(version="1.1"))),
    Case("a part is too large", ResultFault.TOO_MANY_RANGES, after(submission(), then=result(ranges=FEW))),
    Case(
        "a consistent result flags serials",
        ResultFault.RANGES_WITHOUT_INCONSISTENCY,
        after(submission(), then=result(status=CheckStatus.CONSISTENT)),
    ),
    Case(
        "a flagged class is none",
        IdentifierFault.UNREADABLE,
        after(submission(), then=result(ranges=(units("X", 1, 2),))),
    ),
    Case(
        "a flagged range runs backwards",
        SerialsFault.BACKWARDS,
        after(submission(), then=result(ranges=(units(V2023, 2, 1),))),
    ),
    Case("a hold has no reason", HoldFault.REASON_MISSING, lambda _: held(reason=" ", source="")),
    Case(
        "a release has no reason",
        HoldFault.REASON_MISSING,
        after(hold(), then=ReleaseHold(hold="H-1", authority="DNA", reason="")),
    ),
    Case("the source of a hold is unknown", HoldFault.SOURCE_UNKNOWN, lambda _: held()),
    Case(
        "a hold goes beyond its source",
        HoldFault.NOT_IN_RESULT,
        after(submission(), result(), then=held(first=39)),
    ),
    Case(
        "a hold goes over two ranges of its source",
        HoldFault.NOT_IN_RESULT,
        after(submission(), result(ranges=(units(V2023, 1, 5), units(V2023, 7, 9))), then=held(first=4, last=8)),
    ),
    Case("an import's Party is unreadable", AefFault.PARTY_UNREADABLE, lambda _: imported(party="C")),
    Case("an import's version is unreadable", AefFault.VERSION_UNREADABLE, lambda _: imported(version="0.1")),
    Case("an import has no hash", AefFault.DIGEST_UNREADABLE, lambda _: imported(sha256="")),
    Case(
        "an older version is imported after a newer one",
        ImportFault.VERSION_NOT_HIGHER,
        after(imported(version="1.10"), then=imported(version="1.9")),
    ),
    Case(
        "the summary of findings has no end",
        ImportFault.FINDINGS_UNCLEAR,
        lambda _: imported(found=tuple(CheckCount("C50", "I", 1) for _ in range(CHECKS_MAX + 1))),
    ),
)


@pytest.mark.parametrize("case", REFUSALS, ids=titles)
def test_a_result_a_hold_or_an_import_is_refused_when(case: Case) -> None:
    check_refused(case, issuing_host())


def test_a_result_holds_nothing_and_its_hold_exactly_its_serials() -> None:
    desk = issuing_host()
    desk.do(submission())
    desk.do(result())
    desk.do(Transfer(units=units(V2023, 40, 40), source=DEV, target=SHOP))
    desk.do(held())
    assert desk.books.record("hold", "CC-1:1")["source"] == "CC-1"
    move = Case("held", UnitsFault.ON_HOLD, lambda _: Transfer(units=units(V2023, 50, 50), source=DEV, target=SHOP))
    check_refused(move, desk)
    desk.do(Transfer(units=units(V2023, 51, 51), source=DEV, target=SHOP))
    desk.do(release("CC-1:1"))
    desk.do(Transfer(units=units(V2023, 50, 50), source=DEV, target=SHOP))


def test_a_result_about_another_party_needs_no_submission_of_ours() -> None:
    assert isinstance(issuing_host().ask(result(party=Party("CHE"))), Entry)


def test_a_result_in_parts_is_one_record_for_each_part() -> None:
    desk = issuing_host()
    desk.do(submission())
    desk.do(result())
    desk.do(result(part=2, ranges=(units(V2023, 60, 61),)))
    desk.do(held(60, 61, source="CC-1:2"))
    assert desk.books.record("consistency_result", "CC-1:2")["ranges"][0]["first"] == 60


def test_every_imported_version_stays() -> None:
    desk = issuing_host()
    desk.do(imported(found=(CheckCount("C12", "W", 1),)))
    desk.do(imported(version="1.1", sha256="0b" * 32))
    assert desk.books.record("submission", "CHE:2025")["version"] == "1.1"
    assert desk.books.record("submission_version", "CHE:2025:1.0")["found"][0]["check"] == "C12"
