"""Every refusal has a text and a way out in both languages, and no text is left without its refusal."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter

import pytest

from tests.tidy.tree import ROOT, SOURCE, no_findings, place, python_files, tree

CATALOGUE = SOURCE / "catalogue" / "faults.toml"
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
RETRY = frozenset({"never", "later", "after_fix"})
HAN = re.compile(r"[\u3400-\u9fff]")
TEXTS = ("message", "fix")


def codes(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Members of every `StrEnum` whose name ends in `Fault`, with the line they stand on."""
    for node in ast.walk(module):
        if not isinstance(node, ast.ClassDef) or not node.name.endswith("Fault"):
            continue
        if not any("StrEnum" in ast.unparse(base) for base in node.bases):
            continue
        for statement in node.body:
            match statement:
                case (
                    ast.Assign(value=ast.Constant(value=str(code))) | ast.AnnAssign(value=ast.Constant(value=str(code)))
                ):
                    yield statement.lineno, code


def used_codes(modules: Mapping[Path, ast.Module]) -> tuple[dict[str, str], list[str]]:
    """Code -> where it is kept; and the codes that are malformed or kept twice."""
    kept: dict[str, str] = {}
    findings = []
    for path, module in modules.items():
        for line, code in codes(module):
            here = place(path, line)
            if not CODE.fullmatch(code):
                findings.append(f"{here}: {code!r} is no code. Write lower-case words joined by dots.")
            if code in kept:
                findings.append(f"{here}: {code!r} is kept at {kept[code]} as well. One code has one home.")
            kept.setdefault(code, here)
    return kept, findings


def unmatched(kept: Mapping[str, str], catalogue: Mapping[str, object]) -> list[str]:
    missing = [
        f"{where}: {code!r} has no text. Add it to catalogue/faults.toml."
        for code, where in kept.items()
        if code not in catalogue
    ]
    unused = [
        f"faults.toml: {code!r} is in no StrEnum named ...Fault. Use it, or take the text away before a release."
        for code in catalogue
        if code not in kept
    ]
    return missing + unused


def placeholders(text: str) -> set[str]:
    """Names in braces, without their format; a broken brace counts as a placeholder that nothing matches."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as broken:
        return {f"<{broken}>"}


def fault_findings(code: str, entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return [f'faults.toml: {code} is no table. Write ["{code}"] with the quotes, message, fix and retry.']
    findings = []
    if extra := set(entry) - {*TEXTS, "retry"}:
        findings.append(f"{code}: unknown keys {sorted(extra)}. A fault has message, fix and retry.")
    if entry.get("retry") not in RETRY:
        findings.append(f"{code}: retry is {entry.get('retry')!r}. Write one of {sorted(RETRY)}.")
    for part in TEXTS:
        findings += text_findings(f"{code}.{part}", entry.get(part))
    return findings


def text_findings(where: str, texts: object) -> list[str]:
    if not isinstance(texts, dict) or set(texts) != {"en", "zh-Hant"} or not all(map(filled, texts.values())):
        return [f"{where}: needs a text in en and in zh-Hant, and nothing else."]
    english, chinese = texts["en"], texts["zh-Hant"]
    findings = []
    if not HAN.search(chinese) or HAN.search(english):
        findings.append(f"{where}: the languages are mixed up, or one is not translated.")
    if placeholders(english) != placeholders(chinese):
        both = f"en {sorted(placeholders(english))}, zh-Hant {sorted(placeholders(chinese))}"
        findings.append(f"{where}: placeholders differ, {both}. Use the same facts in both.")
    return findings + [
        f"{where}: {{{name}}} is no plain name. Name every fact, and format it where it is shown."
        for name in sorted(placeholders(english) | placeholders(chinese))
        if not name.isidentifier()
    ]


def filled(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip())


def catalogue() -> dict[str, object]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8")) if CATALOGUE.exists() else {}


def test_every_fault_in_the_code_has_a_text_and_every_text_a_fault() -> None:
    kept, findings = used_codes({path: tree(path) for path in python_files(SOURCE)})
    no_findings(findings + unmatched(kept, catalogue()))


def test_every_fault_speaks_both_languages_and_says_whether_to_try_again() -> None:
    no_findings([finding for code, entry in catalogue().items() for finding in fault_findings(code, entry)])


GOOD = {
    "message": {"en": "Unit {unit} is held.", "zh-Hant": "單位 {unit} 已被保留。"},
    "fix": {"en": "Release the hold.", "zh-Hant": "請先解除保留。"},
    "retry": "after_fix",
}


@pytest.mark.parametrize(
    "change",
    [
        {"retry": "maybe"},
        {"fix": None},
        {"fix": {"en": "Release the hold."}},
        {"fix": {"en": "Release the hold.", "zh-Hant": " "}},
        {"fix": {"en": "Release the hold.", "zh-Hant": "Release the hold."}},
        {"message": {"en": "Unit {unit} is held.", "zh-Hant": "單位已被保留。"}},
        {"message": {"en": "Unit {} is held.", "zh-Hant": "單位 {} 已被保留。"}},
        {"message": {"en": "Unit {unit is held.", "zh-Hant": "單位 {unit} 已被保留。"}},
        {"title": "held"},
    ],
)
def test_a_bad_fault_is_found(change: dict[str, object]) -> None:
    assert not fault_findings("hold.stands", GOOD)
    assert fault_findings("hold.stands", GOOD | change)


def test_a_code_without_text_a_text_without_code_and_a_code_kept_twice_are_found() -> None:
    enum = 'class HoldFault(StrEnum):\n    """Why a hold refuses."""\n\n    STANDS = "hold.stands"\n'
    kept, findings = used_codes({ROOT / "a.py": ast.parse(enum)})
    assert list(kept) == ["hold.stands"]
    assert not findings
    assert not unmatched(kept, {"hold.stands": GOOD})
    assert unmatched(kept, {})
    assert unmatched({}, {"hold.stands": GOOD})
    assert used_codes({ROOT / "a.py": ast.parse(enum), ROOT / "b.py": ast.parse(enum)})[1]
    assert used_codes({ROOT / "a.py": ast.parse(enum.replace("hold.stands", "Hold Stands"))})[1]
