"""Pathways, their reasons and the questions that are left, as lines for people."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from counterfoil.entrypoints.cli.packs_text import basis_line
from counterfoil.entrypoints.language import Texts

MARKS: Final = {"open": "✓", "needs": "?", "closed": "✗"}


def pathway_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """Each pathway with what decides it, best first; at the end what is still to be answered."""
    yield texts("cli.pathway.title", title=view["title"][texts.language], on=view["on"], packs=_packs(view))
    if not view["pathways"]:
        yield texts("cli.pathway.none")
    for place in view["pathways"]:
        yield ""
        yield from _place_lines(place, texts)
    if view["questions"]:
        yield ""
        yield texts("cli.pathway.questions")
    for question in view["questions"]:
        yield from _question_lines(question, texts)


def _packs(view: Mapping[str, Any]) -> str:
    return ", ".join(f"{pack['id']} {pack['version']}" for pack in view["packs"])


def _place_lines(place: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    word = texts(f"cli.pathway.standing.{place['standing']}")
    head = texts("cli.pathway.place", standing=word, label=place["label"][texts.language])
    yield f"{MARKS[place['standing']]} {head}  [{place['pathway']}]"
    reasons = place["reasons"]
    for reason in reasons:
        if reason["outcome"] == "refused":
            yield from _closing_lines(reason, texts)
    if place["standing"] == "closed":
        return
    met = [each for each in reasons if each["outcome"] == "allowed" and each["kind"] != "pathway"]
    if met:
        labels = dict.fromkeys(each["basis"][0]["label"][texts.language] for each in met)
        yield f"    {texts('cli.pathway.met', labels=texts('cli.pathway.and').join(labels))}"
    for reason in reasons:
        yield from _noted_lines(reason, texts)
    if place["missing"]:
        yield f"    {texts('cli.pathway.missing', names=', '.join(place['missing']))}"
    if place["warning"] is not None:
        yield f"    ! {place['warning'][texts.language]}"
    if place["doubtful"]:
        yield f"    {texts('cli.explain.doubtful', names=', '.join(place['doubtful']))}"


def _closing_lines(reason: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """The rule that closes a pathway, on what it stands, and what would change it."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.faults import catalogue

    first = reason["basis"][0]
    refusal = Refusal(reason["code"], reason["facts"])
    message = catalogue().message(refusal, texts.language)
    yield f"    {texts('cli.pathway.closing', label=first['label'][texts.language], message=message)}"
    yield f"      {first['pack']} {first['version']} · {basis_line(first, texts)}"
    change = reason["otherwise"]
    yield f"      → {change[texts.language] if change is not None else catalogue().fix(refusal, texts.language)}"


def _noted_lines(reason: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """What speaks for the pathway, and advice of the country that is not followed yet."""
    label = reason["basis"][0]["label"][texts.language]
    if reason["notes"].get("weight", "0") != "0":
        yield f"    {texts('cli.pathway.speaks', label=label, weight=reason['notes']['weight'])}"
    elif "unmet" in reason["notes"]:
        yield f"    {texts('cli.pathway.advice', label=label, unmet=reason['notes']['unmet'])}"


def _question_lines(question: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    words = expected(question["type"], question["choices"], texts)
    order = texts("cli.pathway.order_only") if question["decides"] == "order" else ""
    yield f"  {question['name']} = {words}{order}"
    yield f"      {question['label'][texts.language]}"


def expected(kind: str, choices: Sequence[str], texts: Texts) -> str:
    """How an answer is written: the words that are known, or its type."""
    return " | ".join(choices) if choices else texts(f"cli.pathway.type.{kind}")
