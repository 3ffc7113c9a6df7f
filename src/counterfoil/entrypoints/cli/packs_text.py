"""Laws, rulings and differences as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.rule_text import shown

SILENT: Final = "silent"
NO_RULE: Final = "-"
"""The name of the rule where a refusal follows from the absence of any."""
MARKS: Final = {"allowed": "✓", "refused": "✗", "asks": "?", "noted": "·"}


def law_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """A law: its title, its rules, its values, and what is not known."""
    title = view["title"][texts.language]
    yield texts("cli.packs.show.title", title=title, id=view["id"], version=view["version"], on=view["on"])
    yield ""
    for rule in view["rules"]:
        yield from rule_lines(rule, texts)
    if view["values"]:
        yield ""
        yield texts("cli.packs.show.values")
    for value in view["values"]:
        label = value["basis"]["label"][texts.language]
        yield f"  {value['name']} = {shown(value['value'], texts)}  {label}"
        yield f"      {basis_line(value['basis'], texts)}"
    if view["unknown"]:
        yield ""
        yield texts("cli.packs.show.unknown", names=", ".join(view["unknown"]))


def rule_lines(rule: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    yield f"{rule['basis']['label'][texts.language]}  [{rule['name']}: {rule['kind']}]"
    for key, said in rule["says"].items():
        yield f"    {key}: {shown(said, texts)}"
    yield f"    {basis_line(rule['basis'], texts)}"
    if "note" in rule["basis"]:
        yield f"    {rule['basis']['note'][texts.language]}"


def basis_line(basis: Mapping[str, Any], texts: Texts) -> str:
    """`from 2025-10-10 · art. 58(1) · Presidential Regulation 110/2025 · found`, with a mark for what is doubtful."""
    span = texts("cli.packs.span.open", first=basis["from"])
    if basis["to"] is not None:
        span = texts("cli.packs.span.closed", first=basis["from"], last=basis["to"])
    source = basis.get("source_title", {}).get(texts.language, basis["source"])
    confidence = texts(f"cli.packs.confidence.{basis['confidence']}")
    mark = "⚠ " if basis["confidence"] in ("general", "placeholder") else ""
    return " · ".join((span, provision_text(basis["provision"], texts), source, f"{mark}{confidence}"))


def answer_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """An answer: what it comes to, then every ruling with its basis, and what is doubtful at the end."""
    verdict = view["verdict"] if view["rulings"] else SILENT  # no rule forbids it, and none permits it either
    yield texts(f"cli.explain.verdict.{verdict}", act=view["act"], on=view["on"], pack=view["pack"])
    yield ""
    for ruling in view["rulings"]:
        yield from ruling_lines(ruling, texts)
    if view["doubtful"]:
        yield ""
        yield texts("cli.explain.doubtful", names=", ".join(view["doubtful"]))
    if view["missing"]:
        yield ""
        yield texts("cli.explain.missing", names=", ".join(view["missing"]))


def ruling_lines(ruling: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """One ruling: what it answers, why, and on what it stands."""
    first, *values = ruling["basis"]
    word = texts(f"cli.explain.outcome.{ruling['outcome']}")
    yield f"{MARKS[ruling['outcome']]} {word}: {first['label'][texts.language]}  [{ruling['rule']}: {ruling['kind']}]"
    if "code" in ruling:
        yield f"    {_message(ruling, texts)}"
    for amount in ruling["amounts"]:
        whom = f" → {amount['recipient']}" if amount["recipient"] else ""
        rounding = texts(f"cli.explain.rounding.{amount['rounding']}")
        yield f"    {amount['name']}: {_amount(amount)}{whom} ({rounding})"
    for key, note in ruling["notes"].items():
        yield f"    {key}: {note}"
    version = f"{first['pack']} {first['version']}"
    silent = ruling["rule"] == NO_RULE
    yield f"    {version}" if silent else f"    {version} · {basis_line(first, texts)}"
    for value in values:
        yield f"    {value['name']} · {basis_line(value, texts)}"


def _amount(amount: Mapping[str, Any]) -> str:
    """Money as people write it; what counts tonnes or units keeps its unit."""
    from counterfoil.domain.policy.figure import money_text

    currency, _, smallest = amount["unit"].partition(" ")
    return money_text(amount["quantity"], currency) if smallest else f"{amount['quantity']:,} {amount['unit']}"


def _message(ruling: Mapping[str, Any], texts: Texts) -> str:
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.faults import catalogue

    return catalogue().message(Refusal(ruling["code"], ruling["facts"]), texts.language)
