"""A small sound pack of an invented country, to be written to a folder and spoilt on purpose."""

from pathlib import Path

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.asked import Asked, asked_from
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack
from counterfoil.packs.pack_folder import read_pack
from counterfoil.packs.shelf import jurisdictions

PACK = """\
id = "xaa"
version = "1.0.0"
kind = "jurisdiction"
jurisdiction = "XAA"
title = { en = "Exampleland", zh-Hant = "範例國" }

[[source]]
id = "act"
title = { en = "Carbon Act", zh-Hant = "碳法" }
"""
HEAD = """\
from = 2024-01-01
source = "act"
provision = "art. 1"
confidence = "seed"
"""


def rule(name: str, kind: str, content: str, head: str = HEAD) -> str:
    return (
        f'[rule.{name}]\nkind = "{kind}"\nlabel = {{ en = "A rule", zh-Hant = "規則" }}\n'
        f"[[rule.{name}.dated]]\n{head}{content}\n"
    )


PARTY = rule("status", "party", 'status = "party"')


def write(folder: Path, law: str = PARTY, *, pack: str = PACK, cases: str = "") -> Path:
    place = folder / "xaa"
    for name, text in (("pack.toml", pack), ("law/law.toml", law), ("cases/cases.toml", cases)):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def read(place: Path) -> Pack | list[Refusal]:
    return read_pack(place, jurisdictions())


def law_of(folder: Path, *rules: str) -> Law:
    """The law of a pack with these rules, which must be sound."""
    pack = read(write(folder, PARTY + "".join(rules)))
    assert isinstance(pack, Pack), pack
    return pack.law


def asked(act: str, law: Law | None = None, **facts: object) -> Asked:
    found = asked_from(act, facts, law.facts if law is not None else {})
    assert isinstance(found, Asked), found
    return found
