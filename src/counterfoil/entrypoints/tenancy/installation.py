"""`installation.toml`: which registries an installation holds, for which Party, in which folder and under which name.

The file is the installation's only own state. Everything else lies in the sections' folders, each of them a whole
registry with its own journal, keys, office, evidence and lock. Source: 6/CMA.4 annex I paras. 11-13; ADR-0034.
"""

import itertools
import json
import os
import re
import secrets
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.storage_fault import of_system
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.ids import DIGEST, PARTY, Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.tenancy.fault import InstallationFault

FILE: Final = "installation.toml"
SECTIONS_MAX: Final = 250
"""More than there are Parties to the Paris Agreement."""
BYTES_MAX: Final = 256 * 1024
_HOST: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*\Z")
_USER: Final = re.compile(r"[a-z_][a-z0-9_-]{0,31}\Z")
_TOP: Final = frozenset({"name", "administrator", "user", "behind_proxy", "section"})
_LIMITS: Final = ("memory_mib", "file_mib")
_LIMIT_MAX: Final = 1_048_576
_SECTION: Final = frozenset(
    {"party", "folder", "hosts", "user", "state", "request", "closing_request", "address", *_LIMITS}
)


class SectionState(StrEnum):
    """`HANDING_OVER` is served to nobody any more; `HANDED_OVER` has no private key any more."""

    OPEN = "open"
    HANDING_OVER = "handing_over"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True, slots=True)
class Section:
    """One registry of an installation.

    `hosts` are names under which the front door finds it beside its path. `user` is the system's account that its
    process runs as, where the supervisor may choose one. `memory_mib` and `file_mib` bound its process; 0 is no bound.
    `request` and `closing_request` are the SHA-256 of the Party's letters; `address` is where its registry is now.
    """

    party: Party
    folder: Path
    hosts: tuple[str, ...] = ()
    user: str = ""
    state: SectionState = SectionState.OPEN
    memory_mib: int = 0
    file_mib: int = 0
    request: str = ""
    closing_request: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation's folder and its sections. `administrator` is the code of the section that opens the others.

    `user` is the system's account that the front door runs as; `behind_proxy` says that a proxy before it appends the
    client's address to `X-Forwarded-For`.
    """

    directory: Path
    name: str
    administrator: str = ""
    user: str = ""
    behind_proxy: bool = False
    sections: tuple[Section, ...] = ()

    def section(self, party: str) -> Section | Refusal:
        found = next((each for each in self.sections if each.party == party), None)
        known = ", ".join(each.party for each in self.sections)
        return found or Refusal(InstallationFault.PARTY_UNKNOWN, {"party": party[:40], "known": known[:400]})

    def with_section(self, section: Section) -> "Installation | Refusal":
        """With one more section. Refuses a Party, folder or host name that another section has, whatever its state."""
        if len(self.sections) >= SECTIONS_MAX:
            return Refusal(InstallationFault.TOO_MANY, {"sections_max": SECTIONS_MAX})
        grown = replace(self, sections=(*self.sections, section))
        return next(iter(_clashes(grown)), grown)

    def changed(self, section: Section) -> "Installation":
        """With a section in the place of the one of its Party."""
        return replace(self, sections=tuple(section if each.party == section.party else each for each in self.sections))

    def folder_of(self, party: str) -> Path:
        """Where a new section lies."""
        return self.directory / "sections" / party


def read_installation(directory: Path) -> Installation:
    """The installation in a folder.

    Raises:
        Outage: `installation.absent`, or `installation.unreadable` with what is wrong.
    """
    path = directory / FILE
    try:
        with path.open("rb") as file:
            data = file.read(BYTES_MAX + 1)
        raw = tomllib.loads(data.decode("utf-8"))
    except FileNotFoundError as error:
        raise Outage(InstallationFault.ABSENT, {"folder": str(directory)}) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    _only(path, raw, _TOP)
    sections = raw.get("section", [])
    if len(data) > BYTES_MAX or not isinstance(sections, list) or len(sections) > SECTIONS_MAX:
        raise _wrong(path, f"more than {SECTIONS_MAX} sections")
    found = Installation(
        directory.absolute(),
        _text(path, raw, "name"),
        _text(path, raw, "administrator"),
        _text(path, raw, "user"),
        raw.get("behind_proxy") is True,
        tuple(_section(path, each) for each in sections),
    )
    if found.user and not _USER.match(found.user):
        raise _wrong(path, "the user is no name of an account")
    for clash in _clashes(found):
        raise _wrong(path, f"{clash.code}: {', '.join(map(str, clash.facts.values()))}")
    return found


def write_installation(installation: Installation) -> None:
    """Put the file in the place of the former one, whole or not at all. Only its owner can read it.

    Raises:
        Outage: it cannot be written.
    """
    path = installation.directory / FILE
    draft = path.with_name(f".{FILE}.{secrets.token_hex(8)}")
    try:
        file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as opened:
            opened.write("\n".join(_lines(installation)) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise of_system(error, path) from error


def _lines(installation: Installation) -> Iterator[str]:
    yield f"name = {_quoted(installation.name)}"
    for name in ("administrator", "user"):
        if value := getattr(installation, name):
            yield f"{name} = {_quoted(value)}"
    if installation.behind_proxy:
        yield "behind_proxy = true"
    for each in installation.sections:
        yield from ("", "[[section]]", f"party = {_quoted(each.party)}")
        yield f"folder = {_quoted(_shown(installation.directory, each.folder))}"
        if each.hosts:
            yield f"hosts = [{', '.join(map(_quoted, each.hosts))}]"
        yield f"state = {_quoted(each.state.value)}"
        for name in ("user", "request", "closing_request", "address"):
            if value := getattr(each, name):
                yield f"{name} = {_quoted(value)}"
        for name in _LIMITS:
            if getattr(each, name):
                yield f"{name} = {getattr(each, name)}"


def _quoted(text: str) -> str:
    # A string of JSON is one of TOML, but for the one control character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _shown(directory: Path, folder: Path) -> str:
    """Relative where it lies in the installation, so that the whole can be moved."""
    return str(folder.relative_to(directory)) if folder.is_relative_to(directory) else str(folder)


def _section(path: Path, raw: Any) -> Section:
    if not isinstance(raw, dict):
        raise _wrong(path, "a section is no table")
    _only(path, raw, _SECTION)
    party, folder, user = (_text(path, raw, name) for name in ("party", "folder", "user"))
    hosts = raw.get("hosts", [])
    if not PARTY.match(party) or not folder:
        raise _wrong(path, "a section has no party or no folder")
    if not isinstance(hosts, list) or not all(isinstance(each, str) and is_host(each) for each in hosts):
        raise _wrong(path, f"the hosts of {party} are no host names in lower case")
    if user and not _USER.match(user):
        raise _wrong(path, f"the user of {party} is no name of an account")
    limits = [raw.get(name, 0) for name in _LIMITS]
    if not all(type(each) is int and 0 <= each <= _LIMIT_MAX for each in limits):
        raise _wrong(path, f"a bound of {party} is no whole number of MiB")
    letters = [_text(path, raw, name) for name in ("request", "closing_request")]
    if not all(each == "" or DIGEST.match(each) for each in letters):
        raise _wrong(path, f"a letter of {party} is no SHA-256")
    if raw.get("state", SectionState.OPEN) not in list(SectionState):
        raise _wrong(path, f"the state of {party} is unknown")
    return Section(
        Party(party),
        (path.parent / folder).absolute(),
        tuple(hosts),
        user,
        SectionState(raw.get("state", SectionState.OPEN)),
        limits[0],
        limits[1],
        letters[0],
        letters[1],
        _text(path, raw, "address"),
    )


def is_host(text: str) -> bool:
    """Whether a text can be the name of a host, in lower case and without a port."""
    return bool(_HOST.match(text))


def _clashes(installation: Installation) -> Iterator[Refusal]:
    """What two sections have in common. A folder inside another one counts: it would be readable as a part of it."""
    parties: set[str] = set()
    hosts: set[str] = set()
    for each in installation.sections:
        if each.party in parties:
            yield Refusal(InstallationFault.PARTY_TAKEN, {"party": each.party})
        for host in hosts & set(each.hosts):
            yield Refusal(InstallationFault.HOST_TAKEN, {"host": host, "party": each.party})
        parties.add(each.party)
        hosts.update(each.hosts)
    # Sorted by their parts, what lies inside a folder follows it at once.
    places = sorted((each.folder.resolve().parts, each.party) for each in installation.sections)
    for (outer, _), (inner, party) in itertools.pairwise(places):
        if inner[: len(outer)] == outer:
            yield Refusal(InstallationFault.FOLDER_TAKEN, {"folder": str(Path(*inner)), "party": party})


def _text(path: Path, raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or len(value) > 1_000 or not value.isprintable():
        raise _wrong(path, f"{name} is no text of one line")
    return value


def _only(path: Path, raw: Mapping[str, Any], known: Sequence[str] | frozenset[str]) -> None:
    unknown = [key for key in raw if key not in known]
    if unknown:
        raise _wrong(path, f"unknown: {unknown[0]}")


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(InstallationFault.UNREADABLE, {"path": str(path), "detail": detail[:200]})
