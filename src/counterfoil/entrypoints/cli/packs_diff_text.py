"""How two laws differ, for people: what is new, what is gone, and of what changed only the keys that differ."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.entrypoints.cli.packs_text import basis_line
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.rule_text import shown

SECTIONS: Final = ("rules", "values")
ALONE: Final = (("added", "+"), ("removed", "−"))
VALUE: Final = "value"


def difference_lines(changes: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """The two sides; then for rules and for values what is new, what is gone, and what changed."""
    sides = (changes["before"], changes["after"])
    before, after = (texts("cli.packs.diff.side", **{**side, "title": side["title"][texts.language]}) for side in sides)
    yield texts("cli.packs.diff.title", before=before, after=after)
    quiet = True
    for section in SECTIONS:
        for kind, mark in ALONE:
            for number, each in enumerate(changes[section][kind]):
                yield from _heading(section, kind, number, texts)
                yield from _alone(mark, each, texts)
                quiet = False
        for number, each in enumerate(changes[section]["changed"]):
            yield from _heading(section, "changed", number, texts)
            yield from _changed(each["before"], each["after"], texts)
            quiet = False
    if quiet:
        yield texts("cli.packs.diff.same")


def _heading(section: str, kind: str, number: int, texts: Texts) -> Iterator[str]:
    if number == 0:
        yield ""
        yield texts(f"cli.packs.diff.{section}.{kind}")


def _alone(mark: str, each: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """A rule or value that only one side has, in full."""
    yield f"{mark} {_named(each, texts)}"
    for key, said in _said(each).items():
        yield f"{mark}     {key}: {shown(said, texts)}"
    yield f"{mark}     {basis_line(each['basis'], texts)}"


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """Only the keys that differ, as before → after; then on what each side stands, where that differs."""
    yield f"± {_named(after, texts)}"
    if before["basis"]["label"] != after["basis"]["label"]:
        yield f"−     {before['basis']['label'][texts.language]}"
    old, new = _said(before), _said(after)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            nothing = texts("cli.packs.diff.nothing")
            left, right = (shown(side[key], texts) if key in side else nothing for side in (old, new))
            yield f"      {key}: {left} → {right}"
    lines = [basis_line(side["basis"], texts) for side in (before, after)]
    if lines[0] != lines[1]:
        yield f"−     {lines[0]}"
        yield f"+     {lines[1]}"


def _named(each: Mapping[str, Any], texts: Texts) -> str:
    kind = f": {each['kind']}" if "kind" in each else ""
    return f"{each['basis']['label'][texts.language]}  [{each['name']}{kind}]"


def _said(each: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a rule says, by its keys; of a value, the value."""
    said: Mapping[str, Any] = each["says"] if "says" in each else {VALUE: each["value"]}
    return said
