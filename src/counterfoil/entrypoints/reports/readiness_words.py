"""How one language says a line of the readiness view: its state, what shows it, and what to do next."""

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.reports.words import DASH, Text

MARKS: Final = {"has": "✓", "pilots": "◐", "lacks": "✗", "cannot_be_determined": "?", "not_applicable": "·"}
"""One sign for each state, for tables in which a word has no room."""


def state_text(line: Mapping[str, Any], text: Text) -> str:
    """The state, and that what there is does not count where it is a shadow."""
    state = text(f"readiness.state.{line['state']}")
    return text("readiness.shadow", state=state) if line["shadow"] else state


def evidence_text(evidence: Mapping[str, Any], text: Text) -> str:
    """One piece of evidence: an entry of the journal with its day, or a rule with provision, source and confidence."""
    if "rule" not in evidence:
        document = evidence.get("document", "")
        said = text(
            f"readiness.evidence.{evidence['means']}",
            entry=evidence["entry"],
            on=evidence["on"],
            record=text.known(f"readiness.record.{evidence['record']}") or evidence["record"],
        )
        return text("readiness.document", text=said, document=document) if document else said
    rule = evidence["rule"]
    return text(
        f"readiness.evidence.{evidence['means']}",
        pack=rule["pack"],
        version=rule["version"],
        rule=rule["name"],
        label=rule["label"][text.language],
        provision=provision_text(rule["provision"], text),
        source=rule.get("source_title", {}).get(text.language, rule["source"]),
        confidence=confidence_text(rule, text),
        on=evidence["on"],
    )


def confidence_text(basis: Mapping[str, Any], text: Text) -> str:
    """How well a rule is founded, with a mark for what is doubtful."""
    mark = "⚠ " if basis["confidence"] in ("general", "placeholder") else ""
    return mark + text(f"cli.packs.confidence.{basis['confidence']}")


def asked_text(line: Mapping[str, Any], text: Text) -> str:
    """Where the criterion comes from."""
    basis = line["asked_by"]
    source = basis.get("source_title", {}).get(text.language, basis["source"])
    return text("readiness.asked_by", provision=provision_text(basis["provision"], text), source=source)


def next_text(line: Mapping[str, Any]) -> str:
    """The commands that lead on, as they are typed."""
    return "; ".join(f"counterfoil {each}" for each in line["next"]) or DASH


def ground_text(view: Mapping[str, Any], text: Text) -> str:
    """What was asked: the pack, the registry, or both."""
    law, registry = view["law"], view["registry"]
    pack = text("readiness.no_pack") if law is None else f"{law['pack']} {law['version']}"
    if registry is None:
        return text("readiness.pack_alone", pack=pack)
    return text("readiness.pack_and_registry", pack=pack, registry=registry["registry"], entries=registry["entries"])


def title_of(view: Mapping[str, Any], text: Text) -> str:
    """The country's name in the language; its code where there is no pack."""
    law = view["law"]
    return str(view["jurisdiction"]) if law is None else str(law["title"][text.language])
