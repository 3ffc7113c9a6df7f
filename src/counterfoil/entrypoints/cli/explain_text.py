"""An explained entry as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from counterfoil.entrypoints.cli.packs_text import answer_lines
from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.provision_text import provision_text


def explained_lines(view: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """What was done, on which letter and provisions it stands, and what the law of its day says to its question."""
    act = texts.known(f"act.{view['act']}") or view["act"]
    yield texts("cli.explain.entry_line", entry=view["entry"], act=act, on=view["on"], recorded_at=view["recorded_at"])
    if view["because"]:
        yield texts("cli.explain.because", because=view["because"])
    for rule in view["rules_of_code"]:
        told = (provision_text(each, texts) for each in rule["provisions"])
        provisions = texts("report.semicolon").join(told) or texts("cli.explain.no_provision")
        yield texts("cli.explain.provisions", rule=rule["rule"], provisions=provisions)
    yield ""
    if view["law"] is None:
        yield texts("cli.explain.not_asked")
        return
    yield from _law_lines(view["law"], texts)
    if view["law_of_effect"] is not None:
        yield ""
        yield from _law_lines(view["law_of_effect"], texts)


def _law_lines(law: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    """One question to the law, and its answer; a declaration of units has a second one, about its effect."""
    yield texts("cli.explain.asked", pack=law["pack"], version=law["version"], act=law["act"])
    for name, value in law["asked"].items():
        yield f"    {name} = {value}"
    yield texts("cli.explain.decided_by", rules=", ".join(law["rules"]) or "–")
    if law["doubtful"]:
        yield texts("cli.explain.doubtful", names=", ".join(law["doubtful"]))
    yield ""
    if law["loaded"] is None:
        yield texts("cli.explain.not_loaded", pack=law["pack"], version=law["version"])
    elif law["loaded"] != law["version"]:
        yield texts("cli.explain.other_version", version=law["version"], loaded=law["loaded"])
    if law["answer"] is not None:
        yield from answer_lines(law["answer"], texts)
