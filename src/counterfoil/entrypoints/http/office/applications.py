"""The routes of applications: anybody applies; officers look, approve with four eyes, or reject."""

from datetime import date
from typing import Any, Final

import msgspec

from counterfoil.application.office import applying
from counterfoil.application.office.application import (
    Application,
    ApplicationFault,
    ApplicationState,
    KycFile,
    Owner,
)
from counterfoil.application.office.ports import Office
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.application_book import application_book
from counterfoil.entrypoints.application_closing import rejected
from counterfoil.entrypoints.http.office.call import Access, Answer, Call, OfficeRoute, said
from counterfoil.entrypoints.http.office.signing_in import PLACE

LIMIT: Final = 100
_ALL: Final = f"{PLACE}/applications"
_ONE: Final = f"{_ALL}/{{number}}"


class OwnerSaid(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    country: str
    percent: int = 0


class Applied(msgspec.Struct, forbid_unknown_fields=True):
    organisation: str
    kind: str
    name: str
    mail: str
    account: str
    documents: list[str]
    owners: list[OwnerSaid]


class ApplicationYes(msgspec.Struct, forbid_unknown_fields=True):
    valid_until: date


class ApplicationNo(msgspec.Struct, forbid_unknown_fields=True):
    reason: str


def routes() -> tuple[OfficeRoute, ...]:
    """Every route of applications and of the files on holders."""
    table = Access.BY_TABLE
    apply = said("Apply for an account", "申請開立帳戶")
    every, one = said("The applications", "申請案清單"), said("An application", "申請案")
    yes, no = said("Approve an application", "核准申請案"), said("Reject an application", "駁回申請案")
    file = said("The file on a holder", "持有者之身分審查檔案")
    return (
        OfficeRoute("POST", _ALL, "applyForAccount", apply, _apply, Access.OPEN, Applied),
        OfficeRoute("GET", _ALL, "listApplications", every, _list, table),
        OfficeRoute("GET", _ONE, "showApplication", one, _show, table),
        OfficeRoute("POST", f"{_ONE}/approve", "approveApplication", yes, _approve, table, ApplicationYes),
        OfficeRoute("POST", f"{_ONE}/reject", "rejectApplication", no, _reject, table, ApplicationNo),
        OfficeRoute("GET", f"{PLACE}/kyc/{{organisation}}", "showKycFile", file, _file, table),
    )


def _apply(office: Office, call: Call) -> Answer | Refusal:
    body: Applied = call.body
    owners = tuple(Owner(each.name, each.country, each.percent) for each in body.owners)
    asked = Application(
        "",
        body.organisation,
        body.kind,
        body.name,
        body.mail.strip().lower(),
        body.account,
        tuple(body.documents),
        owners,
        ApplicationState.OPEN,
        0,
    )
    made = applying.apply(office, application_book(office), asked, address=call.device.address)
    return made if isinstance(made, Refusal) else Answer({"application": made.number, "state": made.state.value}, 201)


def _list(office: Office, call: Call) -> Answer | Refusal:
    found = application_book(office).listed(after=call.query.get("after", "")[:20], limit=LIMIT)
    return Answer(
        {
            "items": [shown_application(each) for each in found],
            "next": found[-1].number if len(found) == LIMIT else None,
        }
    )


def _show(office: Office, call: Call) -> Answer | Refusal:
    number = call.path["number"]
    found = application_book(office).get(number)
    if found is None:
        return Refusal(ApplicationFault.UNKNOWN, {"application": number[:20]})
    return Answer(shown_application(found))


def _approve(office: Office, call: Call) -> Answer | Refusal:
    book = application_book(office)
    return _answer(
        applying.approve(office, book, call.path["number"], valid_until=call.body.valid_until, actor=call.actor)
    )


def _reject(office: Office, call: Call) -> Answer | Refusal:
    return _answer(rejected(office, call.path["number"], reason=call.body.reason, actor=call.actor))


def _answer(found: Application | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(shown_application(found))


def _file(office: Office, call: Call) -> Answer | Refusal:
    organisation = call.path["organisation"]
    found = application_book(office).file(organisation)
    if found is None:
        return Refusal(ApplicationFault.KYC_UNKNOWN, {"organisation": organisation[:60]})
    return Answer(shown_file(found))


def shown_application(one: Application) -> dict[str, Any]:
    """An application as JSON."""
    return {
        "application": one.number,
        "organisation": one.organisation,
        "kind": one.kind,
        "name": one.name,
        "mail": one.mail,
        "account": one.account,
        "documents": list(one.documents),
        "owners": [{"name": each.name, "country": each.country, "percent": each.percent} for each in one.owners],
        "state": one.state.value,
        "made_ms": one.made_ms,
        "endorsed_by": one.endorsed_by,
        "valid_until": one.valid_until,
        "reason": one.reason,
    }


def shown_file(one: KycFile) -> dict[str, Any]:
    """The file on a holder as JSON."""
    return {
        "organisation": one.organisation,
        "documents": list(one.documents),
        "owners": [{"name": each.name, "country": each.country, "percent": each.percent} for each in one.owners],
        "valid_until": one.valid_until,
        "kept_ms": one.kept_ms,
    }
