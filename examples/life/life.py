"""The whole life of one activity, through the API of a served registry, by seven persons; README.md tells it.

    python3 life.py http://127.0.0.1:8642 INVITATION

`INVITATION` is the secret that `counterfoil admin invite` printed.
Months pass in a minute, because a registry that is a demonstration may date an act back.
"""

import hashlib
import json
import sys
from datetime import date, timedelta

from person import Answer, Person

TODAY = date.today()
YEAR = TODAY.year - 1
"""The last year of the first crediting period, which has five."""
DAM = "XAA-DAM-1"
PAPER = hashlib.sha256(b"the design document, version 3").hexdigest()
LATER = hashlib.sha256(b"the design document, version 4").hexdigest()
FEE = {"fee_waived": True, "size_class": "small"}
ERROR = {"claim_class": "to_300000", "overstatement": "0.01"}
"""What the law of the mechanism asks, and only people know: of the fee, and of the error in a claim."""


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def act(who: Person, command: str, **content: object) -> Answer:
    """Do an act that one person may do alone."""
    answer = who.ask("POST", "/api/v1/commands", {"command": command, **content})
    assert answer.status == 201, (command, answer.json)
    print(f"  entry {answer.json['seq']:>3}  {command}  by {who.person}")
    return answer


def refused(who: Person, code: str, command: str, **content: object) -> None:
    """Try an act that must be refused, for this reason and no other."""
    answer = who.ask("POST", "/api/v1/commands", {"command": command, **content})
    assert answer.code == code, (command, answer.json)
    print(f"  refused    {command}  {code}")


def together(first: Person, second: Person, why: str, command: str, **content: object) -> Answer:
    """Four eyes: one person proposes, another looks at what would change and approves exactly that."""
    refused(first, "approval.second_person_needed", command, **content)
    made = first.ask("POST", "/api/v1/proposals", {"command": {"command": command, **content}, "why": why})
    assert made.status == 201, made.json
    place = f"/api/v1/proposals/{made.json['proposal']}"
    seen = {"preview": second.ask("GET", place).json["preview"]["sha256"]}
    own = first.ask("POST", f"{place}/approve", seen)
    assert own.code == "approval.same_person", own.json
    blind = second.ask("POST", f"{place}/approve", {"preview": "0" * 64})
    assert blind.code == "approval.preview_changed", blind.json
    done = second.ask("POST", f"{place}/approve", seen)
    assert done.status == 201, done.json
    entry = second.ask("GET", f"/api/v1/entries/{done.json['seq']}").json
    assert entry["by"] == f"person:{first.person}+person:{second.person}", entry["by"]
    print(f"  entry {done.json['seq']:>3}  {command}  by {first.person} and {second.person}")
    return done


# The people


def registrar_of(registry: str, invitation: str) -> Person:
    """The first person enrols by the invitation of the folder's owner."""
    who = Person(registry, "registrar@example.org", "seven grey herons stand")
    who.enrol(invitation)
    who.sign_in()
    given = who.ask("POST", f"/api/v1/office/people/{who.person}/roles", {"role": "operator"})
    assert given.status == 200, given.json
    return who


def invited(registrar: Person, name: str, role: str, organisation: str) -> Person:
    """Everybody else is invited by the registrar, chooses a password, and signs in."""
    who = Person(registrar.registry, f"{name}@example.org", f"a long password of {name}")
    guest = {"name": name.title(), "mail": who.mail, "role": role, "organisation": organisation}
    answer = registrar.ask("POST", "/api/v1/office/people", guest)
    assert answer.status == 201, answer.json
    who.enrol(answer.json["invitation"])
    who.sign_in()
    return who


def people(registrar: Person) -> tuple[Person, ...]:
    """Six more persons, and the bodies for which they act."""
    bodies = {"DNA": "authority", "DAMCO": "developer", "BUYER": "company", "VVB-A": "verifier", "VVB-B": "verifier"}
    for organisation, kind in bodies.items():
        body = {"organisation": organisation, "kind": kind, "name": f"Body {organisation}"}
        answer = registrar.ask("POST", "/api/v1/office/organisations", body)
        assert answer.status == 201, answer.json
    found = (
        invited(registrar, "developer", "developer", "DAMCO"),
        invited(registrar, "validator", "verifier", "VVB-A"),
        invited(registrar, "verifier", "verifier", "VVB-B"),
        invited(registrar, "officer", "authority", "DNA"),
        invited(registrar, "deputy", "authority", "DNA"),
        invited(registrar, "holder", "holder", "BUYER"),
    )
    # The second officer is at the registry's own desk as well, and says each time for whom.
    second = found[4]
    given = registrar.ask("POST", f"/api/v1/office/people/{second.person}/roles", {"role": "operator"})
    assert given.status == 200, given.json
    return found


# The stages


def until_registration(registrar: Person, developer: Person, validator: Person) -> None:
    print("From the idea to validation")
    for body in ("VVB-A", "VVB-B"):
        act(
            registrar,
            "RegisterVerifier",
            verifier=body,
            name=f"Body {body}",
            tasks=["validation", "verification"],
            sectors=["Energy"],
            valid_from=ago(900),
            valid_to=(TODAY + timedelta(days=900)).isoformat(),
            on=ago(90),
        )
    act(
        registrar,
        "RegisterMethodology",
        methodology="AMS-I.D",
        title="Grid-connected renewable electricity",
        version="18.0",
        valid_from=ago(900),
        on=ago(90),
    )
    idea = {
        "activity": DAM,
        "title": "A small dam",
        "mitigation_type": "reduction",
        "sector": "Energy",
        "activity_type": "Hydro",
        "cooperative_approach": "CA9301",
        "methodology": "AMS-I.D",
        "crediting_periods": [{"first_day": f"{YEAR - 4}-01-01", "last_day": f"{YEAR}-12-31"}],
        "expected": [{"year": YEAR, "quantity": 500}],
        "on": ago(80),
    }
    refused(developer, "permission.not_own", "ProposeActivity", **idea, participants=["BUYER"])
    act(developer, "ProposeActivity", **idea, participants=["DAMCO"])
    act(registrar, "AdvanceActivity", activity=DAM, stage="consultation", documents=[PAPER], on=ago(70))
    early = {"activity": DAM, "stage": "approval", "documents": [PAPER]}
    refused(registrar, "gate.comment_open", "AdvanceActivity", **early, on=ago(60))
    act(
        developer,
        "RecordConsultation",
        consultation="C-1",
        activity=DAM,
        kind="local",
        first_day=ago(65),
        last_day=ago(64),
        community="The villages below the dam",
        outcome="A siren was promised",
        documents=[PAPER],
        on=ago(63),
    )
    act(registrar, "AdvanceActivity", **early, on=ago(40))
    act(registrar, "AdvanceActivity", activity=DAM, stage="validation", body="VVB-A", documents=[PAPER], on=ago(39))
    finding = {"finding": "CAR-1", "activity": DAM, "kind": "corrective_action", "text": "The capacity is another one"}
    act(validator, "RecordFinding", **finding, body="VVB-A", on=ago(35))


def registration(registrar: Person, developer: Person, validator: Person, verifier: Person) -> None:
    print("Registration")
    step = {"activity": DAM, "stage": "registered", "documents": [PAPER], "answers": FEE}
    refused(registrar, "gate.finding_open", "AdvanceActivity", **step, on=ago(31))
    closing = {"finding": "CAR-1", "answer": "Corrected on page 4", "on": ago(31)}
    refused(developer, "permission.role_missing", "CloseFinding", **closing, body="VVB-A")
    for body in ("VVB-A", "VVB-B"):
        refused(verifier, "permission.not_own", "CloseFinding", **closing, body=body)
    act(validator, "CloseFinding", **closing, body="VVB-A")
    refused(developer, "permission.role_missing", "AdvanceActivity", **step, on=ago(30))
    act(registrar, "AdvanceActivity", **step, on=ago(30))


def letter(officer: Person, second: Person) -> None:
    print("The letter of authorization, by two officers")
    together(
        officer,
        second,
        "Cabinet decision 12",
        "Authorize",
        authorization="XAA-LoA-1",
        cooperative_approach="CA9301",
        purposes=["NDC"],
        vintages=[YEAR],
        last_use_on=f"{YEAR + 5}-12-31",
        underlying_references=["AMS-I.D"],
        sectors=["Energy"],
        activities=[DAM],
        gases=["CO2"],
        adjustment_commitment="XAA applies corresponding adjustments to what is first transferred.",
        initial_report_justification="It comes with the next biennial transparency report.",
        authorized_parties=["XBB"],
        authorized_entities=["BUYER"],
        authorized_quantity=500,
        on=ago(35),
    )


def units(registrar: Person, second: Person, developer: Person, validator: Person, verifier: Person) -> None:
    print("Monitoring, verification by another body, issuance")
    monitored = {"first_day": f"{YEAR}-01-01", "last_day": f"{YEAR}-12-31"}
    act(
        developer,
        "SubmitMonitoring",
        monitoring="M-1",
        activity=DAM,
        **monitored,
        monitored=[{"vintage": YEAR, "quantity": 420}],
        evidence=[PAPER],
        on=ago(20),
    )
    said = {"verification": "V-1", "monitoring": "M-1", "statement": "As monitored, less twenty tonnes."}
    said = {**said, "verified": [{"vintage": YEAR, "quantity": 400}], "on": ago(15)}
    refused(developer, "permission.role_missing", "Verify", **said, verifier="VVB-B")
    refused(validator, "permission.not_own", "Verify", **said, verifier="VVB-B")
    refused(validator, "verifier.validated_it", "Verify", **said, verifier="VVB-A")
    act(verifier, "Verify", **said, verifier="VVB-B")
    issue = {"activity": DAM, "verification": "V-1", "vintage": YEAR, "quantity": 400, "account": "xaa:buyer"}
    issue = {**issue, "authorization": "XAA-LoA-1", "answers": {**FEE, **ERROR}, "on": ago(10)}
    refused(developer, "permission.role_missing", "Issue", **issue)
    second.acts_for("")
    together(registrar, second, "Verification V-1", "Issue", **issue)


def abroad(holder: Person, registrar: Person) -> None:
    print("The first transfer is asked for")
    part = {"unit_class": f"CA9301-XAA01-XAA-#-{YEAR}", "first": 1, "last": 250}
    together(
        holder,
        registrar,
        "Contract of purchase",
        "ProposeTransfer",
        transfer="XAA-XBB-1",
        partner="XBB",
        parts=[part],
        source="xaa:buyer",
        target="xbb:state",
    )


def the_end(registrar: Person, officer: Person, developer: Person) -> None:
    print("Renewal and withdrawal")
    period = {"first_day": f"{YEAR + 1}-01-01", "last_day": f"{YEAR + 5}-12-31"}
    renewal = {"activity": DAM, **period, "body": "VVB-A", "documents": [LATER]}
    refused(developer, "permission.role_missing", "RenewActivity", **renewal)
    act(registrar, "RenewActivity", **renewal)
    withdrawal = {"activity": DAM, "authority": "DNA", "reason": "The dam is taken down"}
    refused(officer, "activity.notice_too_short", "WithdrawActivity", **withdrawal)
    effective = (TODAY + timedelta(days=61)).isoformat()
    act(officer, "WithdrawActivity", **withdrawal, effective_on=effective)
    refused(officer, "activity.over", "WithdrawActivity", **withdrawal, effective_on=effective)


def only_pseudonyms(everybody: tuple[Person, ...]) -> None:
    """Whoever reads the journal finds all seven, and nobody's address."""
    following, journal = "", ""
    while following is not None:
        page = everybody[0].ask("GET", f"/api/v1/entries{following}").json
        journal += json.dumps(page["items"])
        following = f"?cursor={page['next']}" if page["next"] else None
    assert all(who.person in journal for who in everybody)
    assert not any(who.mail in journal for who in everybody)


def main(registry: str, invitation: str) -> None:
    registrar = registrar_of(registry, invitation)
    developer, validator, verifier, officer, second, holder = people(registrar)
    everybody = (registrar, developer, validator, verifier, officer, second, holder)
    forged = registrar.ask("POST", "/api/v1/commands", {}, **{"x-csrf-token": "guessed"})
    assert forged.code == "session.request_forged", forged.json
    second.acts_for("DNA")
    until_registration(registrar, developer, validator)
    letter(officer, second)
    registration(registrar, developer, validator, verifier)
    units(registrar, second, developer, validator, verifier)
    abroad(holder, registrar)
    the_end(registrar, officer, developer)
    only_pseudonyms(everybody)
    view = registrar.ask("GET", f"/api/v1/activities/{DAM}").json
    told = " > ".join(f"{each['event']}" for each in view["timeline"])
    print(f"{view['life']['state']}: {told}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
