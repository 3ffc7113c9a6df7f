"""A form as templates draw it: each field with its label, its help, what stands in it, and what is wrong with it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from markupsafe import Markup

from counterfoil.application.queries.sight import Sight
from counterfoil.domain.policy.facts import FACTS, Fact
from counterfoil.domain.policy.law import Law
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.escaped import escaped, options
from counterfoil.entrypoints.web.forms.answering import ANSWERS, control_of, fact_of
from counterfoil.entrypoints.web.forms.choices import choices
from counterfoil.entrypoints.web.forms.file_fields import takes_file
from counterfoil.entrypoints.web.forms.filling import filled
from counterfoil.entrypoints.web.forms.placing import NOTHING_WRONG, Wrong
from counterfoil.entrypoints.web.forms.reading import EMPTY, GIVEN, ID, ROWS_MAX, Typed, read, rows_of
from counterfoil.entrypoints.web.forms.references import named_by
from counterfoil.entrypoints.web.forms.shape import PREFIX, Asked, Control, shape
from counterfoil.entrypoints.web.visit import Visit

_SEVERAL: Final = frozenset({Control.LINES, Control.NUMBERS})
_SINGLE: Final = frozenset({Control.TEXT, Control.LONG, Control.INTEGER, Control.DAY, Control.LINES, Control.NUMBERS})


@dataclass(frozen=True, slots=True)
class Node:
    """One field on a page. `path` is its name in the form; `nodes` are the fields of a group, `rows` those of each row.

    `inputs` are the texts of a list that offers choices, one for each field. `options` are value and text of a choice,
    `listed` the id of the choices that are offered. `cleared` and `given` are ticks: None where there is none.
    """

    path: str
    control: str
    label: str
    hint: str = ""
    example: str = ""
    value: str = ""
    values: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    wrong: str = ""
    fault: Any = None
    required: bool = False
    sure: bool = False
    """Whether something stands in it by itself, so that *nothing* is no choice."""
    options: tuple[tuple[str, str], ...] = ()
    nodes: "tuple[Node, ...]" = ()
    rows: "tuple[tuple[int, tuple[Node, ...]], ...]" = ()
    listed: str = ""
    cleared: bool | None = None
    given: bool | None = None
    file: bool = False
    """Whether the form takes a file, of which the field holds the digest."""

    @property
    def aria(self) -> Markup:
        """What describes the field, as attributes: its hint, and what is wrong with it."""
        path, bad = escaped(self.path), bool(self.wrong or self.fault)
        ids = [f"{path}-hint"] * bool(self.hint or self.example) + [f"{path}-wrong"] * bad
        described = f' aria-describedby="{" ".join(ids)}"' if ids else ""
        return Markup(described + (' aria-invalid="true"' if bad else ""))  # noqa: S704  the path was escaped

    @property
    def has_files(self) -> bool:
        """Whether it, or a field in it, takes a file."""
        below = (*self.nodes, *(each for _, nodes in self.rows for each in nodes))
        return self.file or any(each.has_files for each in below)


@dataclass(frozen=True, slots=True)
class View:
    """A form: the fields that are asked first, those folded under *more*, and the lists that they offer."""

    first: tuple[Node, ...]
    more: tuple[Node, ...]
    lists: Mapping[str, Markup]
    open: bool = False
    """Whether something is said, or wrong, in what would be folded away."""

    @property
    def has_files(self) -> bool:
        return any(each.has_files for each in (*self.first, *self.more))


@dataclass(slots=True)
class Drawer:
    """Draws the form of one command for one visit."""

    sight: Sight
    visit: Visit
    command: str
    typed: Typed
    wrong: Wrong = NOTHING_WRONG
    law: Law | None = None
    more_rows: Mapping[str, int] = field(default_factory=dict)
    """How many empty fields stand after the filled ones of a list, by its path."""
    asks: tuple[str, ...] | None = None
    """The facts that are asked at first; None: all that are the law's own."""
    _lists: dict[str, Markup] = field(default_factory=dict)

    def view(self, *, shown: Sequence[str] = (), first: Sequence[str] = (), without: Sequence[str] = ()) -> View:
        """The form.

        Args:
            shown: The only fields to be asked, by name; none means all.
            first: Those that are not folded away, beside the required ones; none means those of the example.
            without: Those that are never asked, because the page knows them.
        """
        asked = [each for each in shape(self.command) if each.name not in without and self._fits(each)]
        if shown:
            asked = [each for name in shown for each in asked if each.name == name]
        usual = set(first) or set(examples().get(self.command, {}))
        nodes = {each.name: self._node(each, PREFIX) for each in asked}
        upper = [each for each in asked if each.required or shown or each.name in usual]
        lower = [each for each in asked if each not in upper]
        said = bool(read(tuple(lower), {name: each for name, each in self.typed.items() if name != ID}).value)
        below = tuple(nodes[each.name] for each in lower)
        return View(tuple(nodes[each.name] for each in upper), below, self._lists, said or self._wrong_in(lower))

    def _wrong_in(self, asked: Sequence[Asked]) -> bool:
        paths = [*self.wrong.fields, self.wrong.at]
        beginnings = tuple(f"{PREFIX}.{each.name}" for each in asked)
        return bool(beginnings) and any(path.startswith(beginnings) for path in paths)

    def _fits(self, asked: Asked) -> bool:
        # What a demonstration supposes is refused everywhere else.
        return asked.name != "assumed" or self.sight.registry.demonstration

    def _node(self, asked: Asked, path: str) -> Node:
        place = f"{path}.{asked.name}"
        texts = self.visit.texts
        key = self.wrong.fields.get(place, "")
        node: dict[str, Any] = {
            "path": place,
            "control": asked.control.value,
            "label": self._label(asked),
            "hint": texts("web.form.file_hint") if takes_file(asked) else self._hint(asked),
            "example": self._example(place) if asked.control in _SINGLE and not takes_file(asked) else "",
            "wrong": texts(key) if key else "",
            "fault": self.wrong.fault if self.wrong.at == place else None,
            "required": asked.required,
            "sure": asked.default is not None,
            "file": takes_file(asked),
            "cleared": f"{place}{EMPTY}" in self.typed if asked.clears and asked.control is not Control.GROUP else None,
        }
        return Node(**node, **self._content(asked, place))

    def _content(self, asked: Asked, place: str) -> dict[str, Any]:
        values = tuple(value for value in self.typed.get(place, ()) if value)
        match asked.control:
            case Control.GROUP:
                whole = asked.clears and not any(each.required for each in asked.parts)
                nodes = tuple(self._node(each, place) for each in asked.parts)
                if not asked.required:
                    # A browser would ask for the fields of a group that may be left out, and send nothing without them.
                    nodes = tuple(replace(each, required=False) for each in nodes)
                return {"nodes": nodes, "given": f"{place}{GIVEN}" in self.typed if whole else None}
            case Control.ROWS:
                return {"rows": self._rows(asked, place)}
            case Control.PAIRS:
                return {"rows": self._pairs(asked, place)}
            case Control.WORD | Control.WORDS:
                own = (str(asked.default),) if isinstance(asked.default, str) else ()
                return {"options": self._words(asked), "values": values or own}
            case Control.YES:
                said = values[-1] if values else ("yes" if asked.default else "no")
                return {"values": ("yes",) if said == "yes" else ()}
            case Control.YES_NO:
                return {"options": self._yes_no(), "values": values}
            case _:
                return self._written(asked, place, values)

    def _written(self, asked: Asked, place: str, values: tuple[str, ...]) -> dict[str, Any]:
        kind = named_by(asked.owner, asked.name)
        offered = self._offered(kind)
        if offered and asked.control is Control.LINES:
            found = [line for value in values for line in value.split("\n") if line.strip()]
            blank = [""] * max(1, min(self.more_rows.get(place, 1), 50))
            if len(found) <= ROWS_MAX:
                return {"inputs": (*found, *blank), "listed": offered}
            # Of more lines than a form has rows, none gets a field of its own: they stand in one.
            return {"value": "\n".join(values)}
        return {"value": "\n".join(values) if asked.control in _SEVERAL else "".join(values[-1:]), "listed": offered}

    def _rows(self, asked: Asked, place: str) -> tuple[tuple[int, tuple[Node, ...]], ...]:
        numbers = rows_of(self.typed, place) or ([0] if asked.required else [])
        return tuple((n, tuple(self._node(each, f"{place}.{n}") for each in asked.parts)) for n in numbers)

    def _pairs(self, asked: Asked, place: str) -> tuple[tuple[int, tuple[Node, ...]], ...]:
        """Names and values: those that are typed, those that are always asked, those that the law asks."""
        numbers = rows_of(self.typed, place)
        rows = [(n, self._last(f"{place}.{n}.key"), self._last(f"{place}.{n}.value")) for n in numbers]
        known = {name for _, name, _ in rows}
        always = [*asked.names, *(self._asked_first() if asked.name == ANSWERS else ())]
        following = max((n for n, _, _ in rows), default=-1) + 1
        rows += [(following + n, name, "") for n, name in enumerate(each for each in always if each not in known)]
        return tuple((n, self._pair(asked, f"{place}.{n}", name, value)) for n, name, value in rows)

    def _pair(self, asked: Asked, place: str, name: str, value: str) -> tuple[Node, Node]:
        texts = self.visit.texts
        fact = fact_of(name, self._law_facts()) if asked.name == ANSWERS else None
        fixed = name in asked.names or fact is not None
        listed = self._facts_offered() if asked.name == ANSWERS and not fixed else ""
        wrong = self.wrong.fields.get(f"{place}.value", "")
        key = Node(f"{place}.key", "hidden" if fixed else "text", texts("web.form.name"), value=name, listed=listed)
        given: dict[str, Any] = {
            "label": self._pair_label(name, fact) if fixed else texts("web.form.value"),
            "value": value,
            "values": (value,) if value else (),
            "options": self._yes_no() if fact is not None else (),
            "wrong": texts(wrong) if wrong else "",
            "fault": self.wrong.fault if self.wrong.at == f"{place}.value" else None,
        }
        control = Control.LONG if asked.names else Control.TEXT if fact is None else control_of(fact)
        return key, Node(f"{place}.value", control.value, **given)

    def _pair_label(self, name: str, fact: Fact | None) -> str:
        if fact is None:
            return self.visit.texts.known(f"web.language.{name}") or name
        return fact.label.in_language(self.visit.language)

    def _yes_no(self) -> tuple[tuple[str, str], ...]:
        return (("yes", self.visit.texts("web.form.yes")), ("no", self.visit.texts("web.form.no")))

    def _asked_first(self) -> tuple[str, ...]:
        return tuple(self._law_facts()) if self.asks is None else self.asks

    def _law_facts(self) -> Mapping[str, Any]:
        return {} if self.law is None else self.law.facts

    def _facts_offered(self) -> str:
        chinese = self.visit.language == "zh-Hant"
        offered = [(name, fact.label.zh_hant if chinese else fact.label.en) for name, fact in FACTS.items()]
        self._lists.setdefault("facts", options(offered))
        return "choices-facts"

    def _offered(self, kind: str) -> str:
        if not kind:
            return ""
        if kind not in self._lists:
            sight, visit = self.sight, self.visit
            key = ("choices", visit.language, kind)
            self._lists[kind] = visit.ground.folds.ask(sight, key, lambda: options(choices(sight, visit, kind)))
        return f"choices-{kind}"

    def _words(self, asked: Asked) -> tuple[tuple[str, str], ...]:
        return tuple((word, word_text(self.visit, asked.vocabulary, word)) for word in asked.words)

    def _label(self, asked: Asked) -> str:
        return _said(self.visit.language, asked.owner, asked.name)[0]

    def _hint(self, asked: Asked) -> str:
        return _said(self.visit.language, asked.owner, asked.name)[1]

    def _example(self, place: str) -> str:
        steps = ["0" if each.isdecimal() else each for each in place.split(".")]
        found = _example_texts(self.command).get(".".join(steps), ("",))
        text = found[0].split("\n")[0] if found else ""
        return self.visit.texts.known(f"example.{text}") or text

    def _last(self, place: str) -> str:
        values = self.typed.get(place, ())
        return values[-1] if values else ""


@lru_cache(maxsize=4_096)
def _said(language: str, owner: str, name: str) -> tuple[str, str]:
    """The label of a field of a command, and its help."""
    texts = Texts(language)
    label = texts.known(f"field.{owner}.{name}") or texts.known(f"field.{name}") or name
    return label, texts.known(f"help.{owner}.{name}") or texts.known(f"help.field.{name}") or ""


def word_text(visit: Visit, vocabulary: str, word: str) -> str:
    """A word of a closed list as people read it; a code that means itself stays."""
    return visit.texts.known(f"word.{vocabulary}.{word}") or word


@cache
def examples() -> Mapping[str, Any]:
    """An example of each command, read once."""
    text = (resources.files("counterfoil.entrypoints.http") / "examples.json").read_text("utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@cache
def _example_texts(command: str) -> Typed:
    return filled(shape(command), dict(examples().get(command, {})))
