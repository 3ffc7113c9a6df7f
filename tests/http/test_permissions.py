"""Every route and every command against every role: who may, who may not, and no gap between them.

Persons are stood in for by a header, so that the table is tested and not the sign-in.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from counterfoil.application.command import Units
from counterfoil.application.commands.list_units import ListUnits
from counterfoil.application.commands.open_account import ACCOUNT_RECORD
from counterfoil.application.commands.record_finding import CloseFinding
from counterfoil.application.commands.table import BY_HAND, BY_NAME, COMMANDS, FROM_PARTNERS
from counterfoil.application.guarded import GUARDED
from counterfoil.application.owners import OWNED, owners_of
from counterfoil.domain.activities.finding import FINDING
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.books import Books
from counterfoil.domain.people.permission import Reach
from counterfoil.domain.people.standing import Standing
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct
from counterfoil.entrypoints.bootstrap import Folder
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.http.admission import rows_of
from counterfoil.entrypoints.http.caller import Callers
from counterfoil.entrypoints.http.exchange import Scope, header
from counterfoil.entrypoints.http.openapi import examples
from counterfoil.entrypoints.http.tokens import TokenTable
from counterfoil.entrypoints.permission_table import permission_table
from counterfoil.entrypoints.site import Site
from counterfoil.entrypoints.wire import command_of
from tests.http.desk import HELD, OTHER, open_site, token, transfer

pytestmark = pytest.mark.anyio
TABLE = permission_table()
ROLES = sorted(TABLE.permissions.roles)
OWN, FOREIGN = "trader", "E-9"
"""Who holds the account `OTHER` of the small registry, and somebody else."""
DENIED = (401, 403)


def by_header(scope: Scope) -> Standing | None:
    """Who the header says: role and organisation."""
    sent = header(scope, b"x-stands-for")
    if sent is None:
        return None
    role, _, organisation = sent.decode().partition("@")
    return Standing("P-TESTTEST", organisation, "company", frozenset({role}))


@contextlib.asynccontextmanager
async def matrix(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Site, httpx.AsyncClient]]:
    """The site, with persons told by a header."""
    real = Callers.__init__

    def stand_in(self: Callers, tokens: Any, gate: Any, signed: Any = None, *rest: Any) -> None:
        del signed
        real(self, tokens, gate, by_header, *rest)

    monkeypatch.setattr(Callers, "__init__", stand_in)
    async with open_site(folder) as site:
        transport = httpx.ASGITransport(app=site, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            yield site, client


def address(template: str) -> str:
    """A path with something in the place of every parameter."""
    return re.sub(r"{[^/]+?}", "x-1", template)


async def asked(client: httpx.AsyncClient, row: str, stands_for: str = "") -> httpx.Response:
    method, _, template = row.partition(" ")
    headers = {"x-stands-for": stands_for} if stands_for else {}
    # Of a kind that no route takes: who is let in is told so at once, before any work.
    headers["content-type"] = "text/x-nothing"
    return await client.request(method, address(template), headers=headers)


def refused(answer: httpx.Response) -> str:
    """The code with which the table itself says no; nothing where it let the request in."""
    code = answer.json().get("code", "") if answer.status_code in DENIED else ""
    return code if str(code).startswith(("permission.", "http.token", "approval.person")) else ""


async def test_every_route_has_a_row_and_every_row_a_route(folder: Folder) -> None:
    async with open_site(folder) as site:
        assert sorted(rows_of([*site.routes, *site.pages.routes])) == sorted(TABLE.routes)


async def test_every_command_has_a_row_and_none_is_given_that_only_partners_cause() -> None:
    assert set(BY_NAME) == {row for row in TABLE.permissions.rows if " " not in row}
    for command in FROM_PARTNERS:
        assert TABLE.permissions.rows[command.__name__] == {}


async def test_what_a_role_may_over_its_own_has_an_owner() -> None:
    own = {name for name in BY_NAME if Reach.OWN in TABLE.permissions.rows[name].values()}
    assert own == {command.__name__ for command in OWNED}


async def test_a_role_that_only_reads_is_given_no_act() -> None:
    readers = {name for name, role in TABLE.permissions.roles.items() if role.reads_only}
    assert readers == {"auditor", "observer"}
    assert [name for name in BY_NAME if readers & set(TABLE.permissions.rows[name])] == []


async def test_every_route_and_every_role_allow_and_deny(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """401 for nobody, 403 for the wrong one, and in for the right one: each of the cells is asked."""
    wrong: list[str] = []
    cells = 0
    callers = Callers(TokenTable(folder.path), Gate(TABLE, lambda: False))
    async with matrix(folder, monkeypatch) as (site, client):
        for row in rows_of(site.routes):
            right, own = TABLE.routes[row], TABLE.permissions.rows[row]
            if right.public:
                # What is open to all is asked at its door only: behind some of them stands hard work.
                wrong += [] if callers.admitted({"headers": []}, row) is None else [f"{row}: is closed"]
                continue
            answer = await asked(client, row)
            wrong += [] if answer.status_code == 401 else [f"{row}: nobody got {answer.status_code}"]
            for role in ROLES:
                cells += 1
                answer = await asked(client, row, f"{role}@{OWN}")
                permitted = right.by_command or role in own
                if permitted and refused(answer):
                    wrong.append(f"{row}: {role} got {refused(answer)}")
                if not permitted and (answer.status_code, refused(answer)) != (403, "permission.role_missing"):
                    wrong.append(f"{row}: {role} got {answer.status_code} {refused(answer)}")
            answer = await asked(client, row, "nothing@")
            if not right.by_command and answer.status_code != 403:
                wrong.append(f"{row}: a person without a role got {answer.status_code}")
    assert wrong == []
    assert cells > len(ROLES) * 20


async def test_every_page_and_every_role_allow_and_deny(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the door of every page, which asks the same table as the routes of the API."""
    callers = Callers(TokenTable(folder.path), Gate(TABLE, lambda: False), by_header)
    async with open_site(folder) as site:
        rows = rows_of(site.pages.routes)
    wrong: list[str] = []
    for row in rows:
        right, own = TABLE.routes[row], TABLE.permissions.rows[row]
        assert not (right.token or (right.public and own)), row
        for role in ROLES:
            found = callers.admitted({"headers": [(b"x-stands-for", f"{role}@{OWN}".encode())]}, row)
            let_in = not isinstance(found, Refusal)
            if let_in != (right.public or right.by_command or role in own):
                wrong.append(f"{row}: {role} {'came in' if let_in else 'was turned away'}")
    assert wrong == [] and len(rows) > 1


async def test_a_desk_is_for_persons_alone(folder: Folder) -> None:
    """Who is not signed in is led to the door; neither a token nor a foreign page comes in."""
    closed = [row for row in TABLE.routes if " /desk" in row]
    sent = token(folder, "a-program", scopes=("admin", "write", "read"))
    async with open_site(folder) as site:
        transport = httpx.ASGITransport(app=site, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry") as client:
            for row in closed:
                method, _, template = row.partition(" ")
                for headers in ({}, sent):
                    answer = await client.request(method, address(template), headers=headers)
                    assert answer.status_code in ((303, 401, 403) if method == "GET" else (401, 403)), row


async def test_every_command_and_every_role_allow_and_deny(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the one route of acts, in the name of a body that owns nothing: any, own and no are three answers."""
    wrong: list[str] = []
    async with matrix(folder, monkeypatch) as (_, client):
        for name in BY_HAND:
            for role in ROLES:
                body = {**examples()[name], "id": f"m:{name}:{role}"}
                answer = await client.post(
                    "/api/v1/commands", json=body, headers={"x-stands-for": f"{role}@nobody-of-the-examples"}
                )
                reach = TABLE.permissions.rows[name].get(role)
                code = answer.json().get("code", "")
                expected = {None: "permission.role_missing", Reach.OWN: "permission.not_own", Reach.ANY: ""}[reach]
                found = code if str(code).startswith("permission.") else ""
                if found != expected or (expected and answer.status_code != 403):
                    wrong.append(f"{name}: {role} got {answer.status_code} {code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("organisation", "code"),
    [(OWN, "units.not_held"), (FOREIGN, "permission.not_own"), ("", "permission.not_own")],
)
async def test_a_holder_moves_its_own_units_and_nobody_elses(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, organisation: str, code: str
) -> None:
    """One line of a bulk request is asked as a single act is."""
    async with matrix(folder, monkeypatch) as (_, client):
        headers = {"x-stands-for": f"holder@{organisation}"}
        act = transfer(1, 10, source=OTHER, target=HELD)
        single = await client.post("/api/v1/commands", json=act, headers=headers)
        lines = await client.post("/api/v1/commands:bulk", json=act, headers=headers)
        assert single.json()["code"] == lines.json()["code"] == code


async def test_a_person_alone_is_refused_a_guarded_act_at_every_door(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = {"command": "OpenAccount", "account": "tha:new", "holder": "E-1"}
    async with matrix(folder, monkeypatch) as (_, client):
        headers = {"x-stands-for": "operator@"}
        single = await client.post("/api/v1/commands", json=act, headers=headers)
        named = await client.post("/api/v1/commands/OpenAccount", json=act, headers=headers)
        lines = await client.post("/api/v1/commands:bulk", json=act, headers=headers)
    assert (single.status_code, named.status_code) == (403, 403)
    codes = {answer.json()["code"] for answer in (single, named, lines)}
    assert codes == {"approval.second_person_needed"}


async def test_a_plain_token_keeps_its_meaning_until_somebody_is_enrolled(folder: Folder) -> None:
    act = {"command": "OpenAccount", "account": "tha:new", "holder": "E-1"}
    async with open_site(folder) as site:
        transport = httpx.ASGITransport(app=site)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://registry", headers=token(folder)) as client:
            assert (await client.post("/api/v1/commands", json=act)).status_code == 201
            site.gate.staffed = lambda: True
            await asyncio.sleep(1.1)
            again = await client.post("/api/v1/commands", json={**act, "account": "tha:more"})
            assert (again.status_code, again.json()["code"]) == (403, "approval.second_person_needed")
            assert (await client.post("/api/v1/commands", json=transfer(1, 2))).status_code == 201
            assert (await client.get("/api/v1/proposals")).status_code == 403, "a token is no person"


async def test_every_guarded_act_has_a_command_but_those_of_the_office() -> None:
    assert {*GUARDED.values(), GuardedAct.TRUSTED_LIST} == set(GuardedAct)
    assert set(GUARDED) <= set(COMMANDS)


async def test_owners_are_asked_of_the_books_alone(folder: Folder) -> None:
    """A command about nothing that is known is nobody's: empty books own nothing."""
    said = {"OpenAccount", "ProposeActivity", "Verify", "RecordVoluntaryUnits"}
    said |= {"RecordFinding", "RecordTrade", "FailTrade", "SettleTrade"}
    for command in OWNED:
        example = command_of(examples()[command.__name__])
        if command.__name__ not in said:
            assert owners_of(example, Books()) == frozenset(), command  # type: ignore[arg-type]


@pytest.mark.parametrize(("body", "owners"), [("VVB-A", {"VVB-A"}), ("VVB-B", set())])
async def test_a_finding_is_closed_by_the_body_that_found_it_and_no_other_names_itself(
    body: str, owners: set[str]
) -> None:
    books = Books()
    books.records[FINDING, "CAR-1"] = {"body": "VVB-A"}
    assert owners_of(CloseFinding(finding="CAR-1", body=body, answer="x"), books) == owners


async def test_units_are_listed_by_their_holder_and_not_by_the_exchange_that_names_itself() -> None:
    books = Books()
    books.records[ACCOUNT_RECORD, "twn:firm"] = {"holder": "FIRM"}
    command = ListUnits(listing="L-1", exchange="TCX", account="twn:firm", units=Units("X", 1, 2))
    assert owners_of(command, books) == {"FIRM"}
