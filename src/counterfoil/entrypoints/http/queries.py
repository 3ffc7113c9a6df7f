"""The questions that the API answers: one table, from which the routes and the OpenAPI document are both made.

Every answer is what the query of the application says, as JSON; lists page by an opaque cursor.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from counterfoil.application.queries.activity_life import FILTERS, activities
from counterfoil.application.queries.costs import costs
from counterfoil.application.queries.show import LIMIT_MAX, listing, show
from counterfoil.application.queries.sight import Sight
from counterfoil.application.queries.trace import trace
from counterfoil.domain.activities.life import LIFE
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http import accounting
from counterfoil.entrypoints.http.dealing_kinds import DEALING_KINDS, form, form_names
from counterfoil.entrypoints.http.fault import HttpFault
from counterfoil.entrypoints.http.life_kinds import LIFE_KINDS
from counterfoil.entrypoints.http.readiness import ready
from counterfoil.entrypoints.http.report_kinds import REPORT_KINDS

LIMIT: Final = 100
"""Items of a page when the request does not say."""

Answer: TypeAlias = Mapping[str, Any] | Refusal


@dataclass(frozen=True, slots=True)
class Page:
    """Where a list goes on, how much of it is wanted (at most 1,000 items), and what its items must say."""

    after: str = ""
    limit: int = LIMIT
    filters: Mapping[str, str] = field(default_factory=dict)


Ask: TypeAlias = Callable[[Sight, str, Page], Answer]


@dataclass(frozen=True, slots=True)
class Query:
    """One question: its path with its parameters, what it says in both languages, and who answers it.

    `parameter` names them with strokes between, as they stand in the path: `party/as_of`; `example` is their values.
    """

    path: str
    operation: str
    summary: Mapping[str, str]
    ask: Ask
    parameter: str = ""
    example: str = ""
    paged: bool = False
    filters: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """The kinds of records that a list is made of; none where it is made of the journal itself."""

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return self.path.replace(":path}", "}")

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """The names of the path's parameters with their examples."""
        names = self.parameter.split("/") if self.parameter else []
        examples = self.example.split("/", len(names) - 1) if names else []
        return tuple(zip(names, examples, strict=True))

    def key(self, values: Mapping[str, str]) -> str:
        """What is asked for: the values of the path's parameters, with strokes between."""
        return "/".join(values[name] for name, _ in self.parameters)


def _shown(what: str) -> Ask:
    return lambda sight, key, page: show(sight, what, key, after=page.after, limit=page.limit)


def _listed(kind: str) -> Ask:
    if kind == "activity":
        return lambda sight, _, page: activities(sight, after=page.after, limit=page.limit, filters=page.filters)
    return lambda sight, _, page: listing(sight, kind, after=page.after, limit=page.limit)


def _traced(sight: Sight, key: str, _: Page) -> Answer:
    return trace(sight, key)


def _entries(sight: Sight, _: str, page: Page) -> Answer:
    """Public leaves in the order of the journal. The cursor is the number of the last one seen."""
    if page.after and not (page.after.isdecimal() and len(page.after) < 19):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "after", "value": page.after[:60]})
    first = int(page.after) + 1 if page.after else 0
    items = [
        {**sight.codec.decode(row.leaf), "leaf_hash": row.leaf_hash.hex()}
        for row in sight.reading.journal(first, first + page.limit)
    ]
    more = len(items) > page.limit
    return {"items": items[: page.limit], "next": str(first + page.limit - 1) if more else None}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of record: the path of its list, how one of it and many are called, and a key as an example."""

    path: str
    kind: str
    one: tuple[str, str]
    many: tuple[str, str]
    example: str

    def both(self) -> tuple[Query, Query]:
        """The list, and one by its key."""
        plural = "".join(word.capitalize() for word in self.path.replace("/", "-").split("-"))
        filters = FILTERS if self.kind == "activity" else ()
        single = "".join(word.capitalize() for word in self.kind.split("_"))
        return (
            Query(
                f"/{self.path}",
                f"list{plural}",
                _text(*self.many),
                _listed(self.kind),
                paged=True,
                filters=filters,
                kinds=(self.kind, LIFE) if self.kind == "activity" else (self.kind,),
            ),
            Query(
                f"/{self.path}/{{key:path}}",
                f"show{single}",
                _text(*self.one),
                _shown(self.kind),
                parameter="key",
                example=self.example,
                paged=self.kind == "account",
            ),
        )


_KINDS: Final = (
    _Kind("activities", "activity", ("One activity", "單一活動"), ("Activities", "活動清單"), "EBUS-1"),
    _Kind(
        "approaches",
        "approach",
        ("One cooperative approach", "單一合作方法"),
        ("Cooperative approaches", "合作方法清單"),
        "CA9001",
    ),
    _Kind(
        "authorizations",
        "authorization",
        ("One authorization, with its versions and what is left of it", "單一授權書，含各版本與剩餘數量"),
        ("The public register of authorizations", "授權書公開清單"),
        "LoA 2026-1",
    ),
    _Kind("entities", "entity", ("One entity", "單一實體"), ("Entities", "實體清單"), "0105560000000"),
    _Kind(
        "accounts",
        "account",
        ("One account: its holder, totals, and a page of its blocks", "單一帳戶：持有者、總量與其單位區段"),
        ("Accounts", "帳戶清單"),
        "tha:developer",
    ),
    _Kind(
        "transfers",
        "transfer",
        ("One transfer to or from another registry", "單一跨登錄系統轉讓"),
        ("Transfers to and from other registries", "跨登錄系統轉讓清單"),
        "THA-CHE-2026-1",
    ),
    _Kind(
        "agreed-transfers",
        "agreed_transfer",
        ("One agreed transfer whose quantity is not disclosed", "單一數量未公開之協議轉讓"),
        ("Agreed transfers of undisclosed quantity", "數量未公開之協議轉讓清單"),
        "THA-JPN-2026-1",
    ),
    _Kind(
        "monitoring",
        "monitoring",
        ("One monitoring report", "單一監測報告"),
        ("Monitoring reports", "監測報告清單"),
        "M-1",
    ),
    _Kind("verifications", "verification", ("One verification", "單一查證"), ("Verifications", "查證清單"), "VR-2025"),
    _Kind(
        "partners",
        "partner",
        ("One partner registry, with its public key", "單一夥伴登錄系統及其公鑰"),
        ("Partner registries", "夥伴登錄系統清單"),
        "CHE",
    ),
    _Kind("holds", "hold", ("One hold", "單一凍結"), ("Holds", "凍結清單"), "hold-2026-1"),
    _Kind(
        "aef-submissions",
        "aef",
        ("One submitted annual report", "單一已提交之年度報告"),
        ("Submitted annual reports", "已提交之年度報告清單"),
        "2026",
    ),
    *(_Kind(*kind) for kind in REPORT_KINDS),
    *(_Kind(*kind) for kind in LIFE_KINDS),
    *(_Kind(*kind) for kind in DEALING_KINDS),
)
_UNIT: Final = "CA9001-THA01-THA-71-2025"


def queries() -> tuple[Query, ...]:
    """Every question, in the order in which paths are matched."""
    registry = _text("Who keeps this book, and where it stands", "登錄系統與其現況")
    life = _text("A unit's life, from where it stands back to the sensor data", "單位履歷：由現況追溯至感測資料")
    unit = _text("One unit by its identifier", "依識別碼查詢單一單位")
    balance = _text("A Party's adjustments by year, before any averaging", "締約方各年相應調整（平均前）")
    leaves = _text("The public leaves of the journal, in order", "日誌公開葉節點（依序）")
    leaf = _text("One public leaf of the journal", "單一日誌公開葉節點")
    return (
        Query("/registry", "showRegistry", registry, _shown("registry")),
        *(query for kind in _KINDS for query in kind.both()),
        Query("/units/{key:path}/trace", "traceUnit", life, _traced, parameter="key", example=_UNIT),
        Query("/units/{key:path}", "showUnit", unit, _shown("unit"), parameter="key", example=_UNIT),
        Query("/balances/{key}", "showBalance", balance, _shown("balance"), parameter="key", example="THA"),
        *_accounting(),
        Query(
            "/costs",
            "showCosts",
            _text("Operating costs and contributions", "營運成本與捐助"),
            lambda sight, *_: costs(sight),
        ),
        Query(
            "/readiness",
            "showReadiness",
            _text("What the country has, pilots or lacks, with the evidence", "本國具備、試行或尚缺之要素及其佐證"),
            lambda sight, *_: ready(sight),
        ),
        Query("/forms", "listForms", _text("Forms, with their versions", "各表單及其版本"), lambda *_: form_names()),
        Query(
            "/forms/{name}/{version}",
            "showForm",
            _text("One version of a form as JSON Schema", "表單單一版本之 JSON Schema"),
            lambda sight, key, _: form(sight, key),
            parameter="name/version",
            example="activity-registration/latest",
        ),
        Query("/entries", "listEntries", leaves, _entries, paged=True),
        Query("/entries/{key}", "showEntry", leaf, _shown("entry"), parameter="key", example="0"),
    )


def _accounting() -> tuple[Query, ...]:
    balance = _text("The emissions balance of a Party as of a day", "締約方截至某日之排放平衡")
    due = _text("What a Party owes, as of a day", "締約方截至某日之應辦事項")
    return (
        Query(
            accounting.BALANCES,
            "showEmissionsBalance",
            balance,
            lambda sight, key, _: accounting.balance(sight, key),
            parameter="party/as_of",
            example="THA/2025-12-31",
        ),
        Query(
            "/calendars/{party}/{on}",
            "showCalendar",
            due,
            lambda sight, key, _: accounting.due(sight, key),
            parameter="party/on",
            example="THA/2026-11-01",
        ),
    )


def _text(english: str, chinese: str) -> Mapping[str, str]:
    return {"en": english, "zh-Hant": chinese}


def read_page(parameters: Mapping[str, str], filters: tuple[str, ...] = ()) -> Page | Refusal:
    """The page that a request's parameters ask for. Anything unknown or out of bounds is refused, not guessed."""
    unknown = next((name for name in parameters if name not in ("after", "limit", *filters)), None)
    if unknown is not None:
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": unknown[:40], "value": parameters[unknown][:60]})
    limit = parameters.get("limit", str(LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 4 and 1 <= int(limit) <= LIMIT_MAX):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "limit", "value": limit[:60]})
    try:
        sent = parameters.get("after", "")
        after = base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4)).decode() if sent else ""
    except (binascii.Error, ValueError):
        return Refusal(HttpFault.PARAMETER_UNREADABLE, {"parameter": "after", "value": sent[:60]})
    return Page(after, int(limit), {name: parameters[name] for name in filters if name in parameters})


def cursor(key: str) -> str:
    """A key as an opaque cursor."""
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")
