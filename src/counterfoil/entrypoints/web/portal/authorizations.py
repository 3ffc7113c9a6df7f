"""The register of authorizations, and one of them: its content in words, its versions, what is used and what is left.

Source: 4/CMA.6 paras. 3-11 (components, content, changes).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.application.commands.authorize import AUTHORIZATION_VERSION, FIRST_TRANSFERRED_QUANTITY
from counterfoil.application.queries.letters import AuthorizationSaid, LetterKind, letter
from counterfoil.application.queries.record_versions import differences
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.authorizations.authorization import AUTHORIZATION_RECORD, Authorization
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.press import Order, Product
from counterfoil.entrypoints.language import LANGUAGES
from counterfoil.entrypoints.letters.authorization_words import authorization_sections
from counterfoil.entrypoints.letters.speech import Speech
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.web.listing import Column, Filter, Kind, Listing
from counterfoil.entrypoints.web.moment import books_then, moment_asked
from counterfoil.entrypoints.web.page import PageRow, Reply, Sent, Shown, reading
from counterfoil.entrypoints.web.parts import Happening
from counterfoil.entrypoints.web.portal.sifting import sifted
from counterfoil.entrypoints.web.visit import Visit

STATES: Final = ("issued", "revoked")
BYTES_MAX: Final = 32 * 1024 * 1024


def rows() -> tuple[PageRow, ...]:
    return (
        *LISTING.rows(),
        PageRow("/authorizations/{key:path}/letter.{language}.pdf", _letter),
        PageRow("/authorizations/{key:path}", reading(_page)),
    )


def _left(sight: Sight, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """How much may still be first transferred; None where no quantity is stated."""
    done = sight.record(FIRST_TRANSFERRED_QUANTITY, row["key"]) or 0
    limit = row["authorized_quantity"]
    if row.get("estimated"):
        limit = row["confirmed_quantity"] or 0
    return {**row, "first_transferred": done, "left": None if limit is None else limit - done}


def _states(_sight: Sight, visit: Visit) -> list[tuple[str, str]]:
    return [(state, visit.texts(f"value.{state}")) for state in STATES]


LISTING: Final = Listing(
    "/authorizations",
    "web.authorizations",
    (
        Column("id", lambda row: row["key"], Kind.CODE, lambda row: ("authorizations", row["key"])),
        Column("cooperative_approach", lambda row: row["cooperative_approach"], Kind.CODE),
        Column("authorized_parties", lambda row: "*" if row["any_party"] else row["authorized_parties"], Kind.COUNTRY),
        Column("authorized_on", lambda row: row["authorized_on"], Kind.DAY),
        Column("vintages", lambda row: row["vintages"]),
        Column("authorized_quantity", lambda row: row["authorized_quantity"], Kind.NUMBER),
        Column("first_transferred", lambda row: row["first_transferred"], Kind.NUMBER),
        Column("left", lambda row: row["left"], Kind.NUMBER),
        Column("version", lambda row: row["version"], Kind.NUMBER),
        Column("state", lambda row: row["state"], Kind.TAG, words="value"),
    ),
    sifted(AUTHORIZATION_RECORD, more=_left),
    (Filter("state", _states), Filter("cooperative_approach"), Filter("authorized_parties")),
    as_of=True,
    page_rows=40,
)


def _page(sight: Sight, visit: Visit) -> Reply | Refusal:
    as_of = moment_asked(sight, visit)
    if isinstance(as_of, Refusal):
        return as_of
    then = books_then(sight, visit, as_of)
    found = letter(then, LetterKind.AUTHORIZATION, visit.path["key"])
    if isinstance(found, Refusal):
        return found
    said: AuthorizationSaid = found.said
    one = said.authorization
    known = _left(then, {"key": one.id, **then.record(AUTHORIZATION_RECORD, one.id)})
    done = then.reading.record(FIRST_TRANSFERRED_QUANTITY, one.id)
    versions = list(_versions(then, one))
    facts = {
        "as_of": as_of,
        "authorization": one,
        "newest": max((each["number"] for each in versions), default=one.version),
        "limit": one.confirmed_quantity if one.estimated else one.authorized_quantity,
        "first_transferred": known["first_transferred"],
        "left": known["left"],
        "counted_at": None if done is None else done.seq,
        "ground": found.ground,
        "sections": authorization_sections(said, Speech([Words(visit.texts)]))[1:2],
        "versions": versions,
        "happenings": [*_past(visit, versions), *_future(visit, one)],
        "activities": said.activities,
        "entities": said.entities,
        "assumed": Words(visit.texts).assumed(one.assumed) if one.assumed else "",
    }
    return Shown("portal/authorization.html", facts)


def _versions(sight: Sight, one: Authorization) -> Iterator[dict[str, Any]]:
    """Every version in its order, with its entry and what it changed of the one before."""
    before: Mapping[str, Any] | None = None
    for number in range(1, sight.record(AUTHORIZATION_RECORD, one.id)["version"] + 1):
        row = sight.reading.record(AUTHORIZATION_VERSION, f"{one.id}@{number:04d}")
        if row is None:
            continue
        value = sight.codec.decode(row.value)
        changed = [] if before is None else list(differences("", before, value))
        before = value
        yield {
            "number": number,
            "entry": row.seq,
            "on": value["effective_on"] or value["authorized_on"],
            "state": value["state"],
            "reason": value["reason"],
            "changed": [each for each in changed if each["field"] not in ("version", "reason", "assumed")],
        }


def _past(visit: Visit, versions: list[dict[str, Any]]) -> Iterator[Happening]:
    for each in versions:
        key = "web.authorization.revoked" if each["state"] == "revoked" else "web.authorization.version"
        yield Happening(
            each["on"],
            visit.texts(key, number=each["number"]),
            each["reason"],
            href=visit.url("entries", each["entry"]),
            tone="bad" if each["state"] == "revoked" else "",
            source=visit.texts("web.source.entry", entry=each["entry"]),
        )


def _future(visit: Visit, one: Authorization) -> Iterator[Happening]:
    """The days after which the authorization's own terms end something."""
    ends = (("last_issuance", one.last_issuance_on), ("valid_to", one.valid_to), ("last_use", one.last_use_on))
    for name, day in sorted(((name, day) for name, day in ends if day is not None), key=lambda pair: pair[1]):
        tone = "future" if day > visit.today else ""
        yield Happening(day.isoformat(), visit.texts(f"web.authorization.{name}"), tone=tone)


async def _letter(visit: Visit) -> Reply | Refusal:
    """The letter as PDF, made by the press in a process of its own: the server loads no library for documents."""
    language = visit.path["language"] if visit.path["language"] in LANGUAGES else visit.language
    key = visit.path["key"][:200]
    known = await visit.ask(lambda sight: letter(sight, LetterKind.AUTHORIZATION, key))
    if isinstance(known, Refusal):
        return known
    file = await visit.ground.press.made(Order(Product.LETTER, {"of": key, "language": language}))
    if isinstance(file, Refusal):
        return file
    with file:
        file.seek(0)
        body = file.read(BYTES_MAX)
    return Sent(body, "application/pdf", f"{key}.{language}.pdf".replace("/", "-"))
