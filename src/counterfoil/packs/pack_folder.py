"""One folder as a pack: `pack.toml`, `law/*.toml`, `cases/*.toml`. Either it is sound, or every problem is told."""

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from counterfoil.domain.kernel.canonical import JSON
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.basis import Text
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.pack import Pack, PackKind
from counterfoil.domain.policy.soundness import Flaw, flaws
from counterfoil.packs.case_reading import judged, read_cases
from counterfoil.packs.field_reading import Spot, Unread, choice, read_text
from counterfoil.packs.law_reading import LawReader, read_sources
from counterfoil.packs.pack_fault import PackFault
from counterfoil.packs.toml_file import Problems, TomlFile, read_toml

FILES_MAX: Final = 60
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}\Z")
VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z")
KEYS: Final = ("id", "version", "kind", "jurisdiction", "title", "covers", "leaves_out", "source")


def read_pack(folder: Traversable, jurisdictions: frozenset[str], *, with_cases: bool = True) -> Pack | list[Refusal]:
    """The pack of a folder, or every problem found in it, in the order of its files.

    Args:
        jurisdictions: The codes that exist, ISO 3166-1 alpha-3.
        with_cases: Whether to run the cases as well; a registry that only asks the law need not.
    """
    problems = Problems()
    file = read_toml(folder / "pack.toml", f"{folder.name}/pack.toml", problems)
    if file is None:
        return problems.found
    head = _head(file, folder.name, jurisdictions)
    files = list(_files(folder, "law", problems))
    if head is None:
        return problems.found
    law = LawReader(head, jurisdictions).read(files)
    texts = {key: tuple(_texts(file, key)) for key in ("covers", "leaves_out")}
    if not problems.found:
        _sound(law, file, files)
    if problems.found or not with_cases:
        return problems.found or Pack(law, texts["covers"], texts["leaves_out"])
    cases = judged(list(read_cases(list(_files(folder, "cases", problems)), law)), law)
    return problems.found or Pack(law, texts["covers"], texts["leaves_out"], tuple(cases))


def _files(folder: Traversable, name: str, problems: Problems) -> Iterator[TomlFile]:
    inside = folder / name
    found = (
        sorted((path for path in inside.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
        if inside.is_dir()
        else []
    )
    if len(found) > FILES_MAX:
        facts: dict[str, JSON] = {"folder": f"{folder.name}/{name}", "files": len(found), "files_max": FILES_MAX}
        problems.add(PackFault.FILES_TOO_MANY, f"{folder.name}/{name}", 1, facts)
    for path in found[:FILES_MAX]:
        if _elsewhere(path, folder):
            problems.add(PackFault.FILE_ELSEWHERE, f"{folder.name}/{name}/{path.name}", 1, {})
            continue
        file = read_toml(path, f"{folder.name}/{name}/{path.name}", problems)
        if file is not None:
            yield file


def _elsewhere(path: Traversable, folder: Traversable) -> bool:
    """Whether a link leads out of the pack: what is read must be what an auditor finds in the folder."""
    return isinstance(path, Path) and isinstance(folder, Path) and not path.resolve().is_relative_to(folder.resolve())


def _head(file: TomlFile, folder: str, jurisdictions: frozenset[str]) -> Law | None:
    """What pack.toml says of the pack: id, version, kind, jurisdiction, title, sources."""
    raw, top = file.content, Spot(file, ())
    for key in raw:
        if key not in KEYS:
            top.below(key).wrong(PackFault.KEY_UNKNOWN, key=key, known=", ".join(KEYS))
    sources = read_sources(file)
    try:
        for key, pattern in (("id", ID), ("version", VERSION)):
            if key not in raw:
                raise top.wrong(PackFault.KEY_MISSING, key=key)
            if not pattern.match(str(raw[key])):
                raise top.below(key).wrong(PackFault.ID_UNFIT, key=key, value=str(raw[key])[:60])
        if raw["id"] != folder:
            raise top.below("id").wrong(PackFault.ID_NOT_FOLDER, id=raw["id"], folder=folder)
        kind = choice(PackKind, raw.get("kind"), top.below("kind"))
        jurisdiction = str(raw.get("jurisdiction", ""))
        if (kind is PackKind.JURISDICTION or jurisdiction) and jurisdiction not in jurisdictions:
            raise top.below("jurisdiction").wrong(PackFault.JURISDICTION_UNKNOWN, jurisdiction=jurisdiction[:40] or "-")
        title = read_text(raw.get("title"), top.below("title"))
    except Unread:
        return None
    return Law(raw["id"], raw["version"], kind.value, jurisdiction, title, sources)


def _texts(file: TomlFile, key: str) -> Iterator[Text]:
    rows: Any = file.content.get(key, [])
    for row in rows if isinstance(rows, list) else [rows]:
        try:
            yield read_text(row, Spot(file, (key,)))
        except Unread:
            return


def _sound(law: Law, head: TomlFile, files: Sequence[TomlFile]) -> None:
    """Keep every flaw at the line of its rule's version and key."""
    for flaw in flaws(law):
        file, place = _place(flaw, head, files)
        file.wrong(flaw.fault, place, **{"name": flaw.name, "key": flaw.key, **flaw.facts})


def _place(flaw: Flaw, head: TomlFile, files: Sequence[TomlFile]) -> tuple[TomlFile, tuple[str | int, ...]]:
    for file in files:
        for section in ("rule", "value"):
            table: Mapping[str, Any] = file.content.get(section, {}).get(flaw.name, {})
            for place, row in enumerate(table.get("dated", ())):
                if row.get("from") == flaw.first:
                    return file, (section, flaw.name, "dated", place, flaw.key)
    return head, ()
