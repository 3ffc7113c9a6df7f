"""The way of one act through the browser: fill in, look at what it would change, sign, receipt.

`Flow` is that way for one command; `Flow(...).rows()` are its pages. The plain one of every command stands at
`/desk/acts/<Command>`; a desk that knows more makes its own of it:

    Flow(
        "UseTowardsNdc",
        path="/desk/units/use",
        title="web.desk_units.use.title",       # key of the heading; left out, `web.act.<Command>`
        shown=("units", "year", "entity"),      # the only fields that are asked, in this order; left out, all
        fixed=lambda sight, visit: {"account": visit.query.get("account", "")},   # fields that the page knows
        begin=lambda sight, visit: {"year": 2030},                                # what stands in the form at first
        after=lambda visit, receipt: visit.url("desk", "units", done=receipt.seq),  # left out: the receipt
        template="desk/use.html",               # extends "forms/act.html"; blocks: above, below, beside
        facts=lambda sight, visit: {"...": ...},                                  # what that template needs besides
        asks=("standard",),                     # facts of the law that are asked at first; left out, all of its own
        guard=lambda sight, visit, value: None, # what this page refuses before the books are asked, with its field
    )

`fixed` wins over everything that is sent, and is asked at every step. A query such as `?units.first=1` fills fields in.
Each path needs its rows in the permission table: `GET` with the roles of the command, `POST` with `by_command = true`.

The same form may be sent again, from a second tab or after going back: its hidden id makes it one act. `resume=yes`
shows a form whose session had ended; it never acts.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from counterfoil.application.command import CommandFault
from counterfoil.application.office.proposals import Seen
from counterfoil.application.ports import Outage
from counterfoil.application.preview import Preview
from counterfoil.application.queries.sight import Sight
from counterfoil.application.receipt import Receipt
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.web.forms.answering import with_missing
from counterfoil.entrypoints.web.forms.drafts import draft_of, drop_draft, lay_draft
from counterfoil.entrypoints.web.forms.file_fields import taken
from counterfoil.entrypoints.web.forms.filling import filled
from counterfoil.entrypoints.web.forms.law_asked import law_asked
from counterfoil.entrypoints.web.forms.outlook import outlook
from counterfoil.entrypoints.web.forms.placing import NOTHING_WRONG, Wrong, in_order, placed
from counterfoil.entrypoints.web.forms.reading import ID, Read, Typed, read, typed_of
from counterfoil.entrypoints.web.forms.row_changes import rearranged
from counterfoil.entrypoints.web.forms.shape import PREFIX, by_path, shape
from counterfoil.entrypoints.web.forms.signing import command_from, look, new_id, propose, sign
from counterfoil.entrypoints.web.forms.view import Drawer
from counterfoil.entrypoints.web.page import Gone, PageRow, Reply, Shown
from counterfoil.entrypoints.web.visit import Visit

Known = Callable[[Sight, Visit], Mapping[str, Any]]
After = Callable[[Visit, Receipt], str]
Guard = Callable[[Sight, Visit, Mapping[str, Any]], tuple[Refusal, str] | None]


def nothing(_sight: Sight, _visit: Visit) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Flow:
    """The pages of one act. See the head of this module for what each field says."""

    command: str
    path: str
    title: str = ""
    lead: str = ""
    shown: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    fixed: Known = nothing
    begin: Known = nothing
    after: After | None = None
    template: str = "forms/act.html"
    facts: Known = field(default=nothing)
    asks: tuple[str, ...] | None = None
    guard: Guard | None = None

    def rows(self) -> tuple[PageRow, ...]:
        return (PageRow(self.path, self.get, self.post, resumes=True),)

    async def get(self, visit: Visit) -> Reply | Refusal:
        """The form, filled in with what the address says, or with a draft of this person."""
        draft = await draft_of(visit)

        def work(sight: Sight) -> Reply | Refusal:
            if draft is not None:
                return self._form(sight, visit, draft if ID in draft else {**draft, ID: (new_id(),)})
            typed = filled(shape(self.command), {**self.begin(sight, visit), "id": new_id()})
            typed.update(_from_query(visit, self.command))
            return self._form(sight, visit, typed, data_keep="yes")

        return await visit.ask(work)

    async def post(self, visit: Visit) -> Reply | Refusal:
        """One step: rows, a look, going back to the form, a signature, or a proposal."""
        form, asked = visit.form, shape(self.command)
        typed = typed_of(form.fields)
        if not typed.get(ID, ("",))[-1].strip():
            typed[ID] = (new_id(),)
        typed, wrong = await taken(visit, self.command, asked, typed)
        if wrong:
            return await self._again(visit, typed, wrong)
        if "row" in form:
            changed, blanks = rearranged(asked, typed, form.get("row"))
            return await visit.ask(lambda sight: self._form(sight, visit, changed, blanks=blanks))
        if "resume" in form or form.get("step") == "edit":
            resumed = "resume" in form
            return await visit.ask(lambda sight: self._form(sight, visit, typed, resumed=resumed))
        if form.get("step") == "draft":
            return await self._kept(visit, typed)
        fixed = await visit.ask(lambda sight: self.fixed(sight, visit))
        # What the page knows is not read from the form, so nothing of it can be missing there.
        found = read(tuple(each for each in asked if each.name not in fixed), typed)
        if found.wrong:
            return await self._again(visit, typed, Wrong(in_order(asked, found.wrong)))
        return await self._step(visit, typed, found, fixed)

    async def _step(self, visit: Visit, typed: Typed, found: Read, fixed: Mapping[str, Any]) -> Reply | Refusal:
        value, guard = {**found.value, **fixed}, self.guard
        barred = None if guard is None else await visit.ask(lambda sight: guard(sight, visit, value))
        if barred is not None:
            return await self._again(visit, typed, Wrong(fault=barred[0], at=barred[1]))
        command = command_from(visit, self.command, value)
        if isinstance(command, Refusal):
            return await self._again(visit, typed, placed(shape(self.command), typed, command))
        step, seen = visit.form.get("step"), visit.form.get("seen")
        try:
            if step == "sign" and seen:
                outcome: Any = await sign(visit, command, seen=seen)
            elif step == "propose":
                outcome = await propose(visit, command, why=visit.form.get("why"))
            else:
                outcome = await look(visit, command)
        except Outage as outage:
            outcome = outage
        return await self._answered(visit, typed, outcome, seen=seen if step == "sign" else "")

    async def _answered(self, visit: Visit, typed: Typed, outcome: Any, *, seen: str) -> Reply | Refusal:
        if isinstance(outcome, Receipt | Seen):
            await drop_draft(visit, typed[ID][-1])
            if visit.standing is not None:
                visit.ground.tally.forget(visit.standing)
        match outcome:
            case Receipt():
                return Gone(self._after(visit, outcome))
            case Seen(proposal):
                return Gone(
                    visit.url("desk", "proposals", proposal.id, of=self._form_id(visit), at=visit.request.url.path)
                )
            case Preview():
                return await visit.ask(lambda sight: self._look(sight, visit, typed, outcome, changed=bool(seen)))
            case _:
                typed = with_missing(shape(self.command), typed, outcome)
                wrong = placed(shape(self.command), typed, outcome)
                if outcome.code == CommandFault.ID_TAKEN:
                    # The form was sent before with other content: what stands in it now is another act.
                    typed = {**typed, ID: (new_id(),)}
                return await self._again(visit, typed, wrong)

    def _after(self, visit: Visit, receipt: Receipt) -> str:
        if self.after is not None:
            return self.after(visit, receipt)
        return visit.url("desk", "receipts", receipt.seq, of=self._form_id(visit), at=visit.request.url.path)

    async def _kept(self, visit: Visit, typed: Typed) -> Reply | Refusal:
        refused = await lay_draft(visit, typed, self._heading(visit))
        if refused is not None:
            return await self._again(visit, typed, Wrong(fault=refused))
        return Gone(visit.url("desk", "tasks", done="draft"))

    async def _again(self, visit: Visit, typed: Typed, wrong: Wrong) -> Reply | Refusal:
        return await visit.ask(lambda sight: self._form(sight, visit, typed, wrong=wrong, status=422))

    # The pages

    def _form(
        self,
        sight: Sight,
        visit: Visit,
        typed: Typed,
        *,
        wrong: Wrong = NOTHING_WRONG,
        status: int = 200,
        blanks: Mapping[str, int] | None = None,
        resumed: bool = False,
        data_keep: str = "sent",
    ) -> Reply | Refusal:
        fixed = self.fixed(sight, visit)
        drawer = Drawer(sight, visit, self.command, typed, wrong, law_asked(sight), blanks or {}, self.asks)
        view = drawer.view(shown=self.shown, first=self.first, without=tuple(fixed))
        facts = {
            **self._common(visit, typed),
            "view": view,
            "wrong": wrong,
            "resumed": resumed,
            "data_keep": data_keep,
            "fixed": [(visit.texts.known(f"field.{name}") or name, value) for name, value in fixed.items()],
            **self.facts(sight, visit),
        }
        page: Reply = visit.rendered(Shown(self.template, facts, status=status, kept=False), sight)
        return page

    def _look(self, sight: Sight, visit: Visit, typed: Typed, preview: Preview, *, changed: bool) -> Reply | Refusal:
        demand = preview.demand
        facts = {
            **self._common(visit, typed),
            "out": outlook(sight, preview, visit.texts, visit.ground.accounts.gather(sight)),
            "seen": preview.sha256,
            "changed": changed,
            "alone": demand is None or demand.persons < 2,
            "persons": preview.persons,
            "demand": demand,
            "carried": [(name, value) for name, values in typed.items() for value in values],
            **self.facts(sight, visit),
        }
        page: Reply = visit.rendered(Shown("forms/look.html", facts, kept=False), sight)
        return page

    def _common(self, visit: Visit, typed: Typed) -> dict[str, Any]:
        lead = self.lead or f"web.act.{self.command}.lead"
        return {
            "flow": self,
            "heading": self._heading(visit),
            "lead": visit.texts.known(lead) or "",
            "form_id": self._form_id(visit),
            "identity": typed[ID][-1],
        }

    def _heading(self, visit: Visit) -> str:
        return visit.texts.known(self.title or f"web.act.{self.command}") or self.command

    def _form_id(self, visit: Visit) -> str:
        """Names the form in the browser, so that what was typed for one thing never shows up in the form of another."""
        said = "&".join(f"{name}={value}" for name, value in sorted(visit.query.items()) if name != "lang")
        return f"act-{hashlib.sha256(f'{self.command}?{said}'.encode()).hexdigest()[:10]}"


def _from_query(visit: Visit, command: str) -> dict[str, tuple[str, ...]]:
    """Fields that the address fills in. A name that is no field of the act is passed over."""
    asked = shape(command)
    said = ((f"{PREFIX}.{name}", value) for name, value in visit.query.items())
    return {path: (value,) for path, value in said if path != ID and by_path(asked, path) is not None}
