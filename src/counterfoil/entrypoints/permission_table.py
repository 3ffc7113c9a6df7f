"""Reads the permission table and the kinds of organisation, and refuses a table with a gap or a slip, with the line.

The table of the package holds everywhere; a registry may have its own, whole, as `permissions.toml` in its folder.
Read next: `domain/people/permission.py`. Source: ADR-0026.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from counterfoil.application.commands.table import BY_NAME, FROM_PARTNERS
from counterfoil.application.ports import Outage
from counterfoil.domain.people.organisation import OrganisationKind
from counterfoil.domain.people.permission import Permissions, Reach, Row
from counterfoil.domain.people.role import ADMINISTRATOR, Role
from counterfoil.domain.policy.basis import Text

FILE: Final = "permissions.toml"
BYTES_MAX: Final = 1024 * 1024
SECTIONS: Final = ("role", "group", "command", "route")
TOKEN_SCOPES: Final = ("read", "write", "admin")
_ROUTE: Final = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) /[^\s\"?#]*\Z")
_NAME: Final = re.compile(r"[a-z][a-z_]{0,39}\Z")


class PermissionTableFault(StrEnum):
    UNREADABLE = "permissions.unreadable"
    ROW_UNKNOWN = "permissions.row_unknown"
    ROW_MISSING = "permissions.row_missing"
    ROLE_UNKNOWN = "permissions.role_unknown"
    ROLE_ONLY_READS = "permissions.role_only_reads"
    KEY_UNKNOWN = "permissions.key_unknown"


@dataclass(frozen=True, slots=True)
class RouteRight:
    """What a route asks beside the roles of its row.

    `token` is the scope that a plain API token needs, empty where none may. With `by_command`, the row of the command
    that is sent, or waits, decides. `local`: whether the folder's owner may over the local socket.
    """

    public: bool = False
    by_command: bool = False
    token: str = ""
    local: bool = True


@dataclass(frozen=True, slots=True)
class PermissionTable:
    """Every row, read once: of commands and routes in `permissions`, and what else a route asks in `routes`."""

    permissions: Permissions
    routes: Mapping[str, RouteRight]


def permission_table(folder: Path | None = None) -> PermissionTable:
    """The table of a registry: its own, or the package's.

    Raises:
        Outage: a fault of `PermissionTableFault`, with the file and the line.
    """
    own = None if folder is None else folder / FILE
    if own is None or not own.is_file():
        return _packaged()
    try:
        with own.open("rb") as file:
            data = file.read(BYTES_MAX)
        return read_table(data.decode("utf-8"), str(own))
    except (OSError, UnicodeDecodeError) as error:
        raise Outage(PermissionTableFault.UNREADABLE, {"path": str(own), "detail": str(error)[:200]}) from error


@cache
def _packaged() -> PermissionTable:
    source = resources.files("counterfoil") / "catalogue" / FILE
    # A command without a row is closed to all roles here, and found by a test before it is released.
    return read_table(source.read_text("utf-8"), FILE, whole=False)


@cache
def organisation_kinds() -> Mapping[str, OrganisationKind]:
    """The kinds of bodies, by name."""
    source = resources.files("counterfoil") / "catalogue" / "organisations.toml"
    return {
        name: OrganisationKind(
            name,
            Text(row["label"]["en"], row["label"]["zh-Hant"]),
            frozenset(row["roles"]),
            row.get("until_required", False),
            row.get("one_authorizing_party", False),
        )
        for name, row in tomllib.loads(source.read_text("utf-8")).items()
    }


def read_table(text: str, path: str, *, whole: bool = True) -> PermissionTable:
    """The table from its text. `whole` refuses one that lacks the row of a command.

    Raises:
        Outage: the first thing that is wrong with it.
    """
    return _Reader(text, path).read(whole=whole)


class _Reader:
    """Reads one file; every complaint names the line of the row."""

    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._roles: dict[str, Role] = {}
        self._groups: dict[str, tuple[str, ...]] = {}

    def read(self, *, whole: bool) -> PermissionTable:
        try:
            content = tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise Outage(PermissionTableFault.UNREADABLE, {"path": self._path, "detail": str(error)[:200]}) from error
        for key in content:
            self._known(key, SECTIONS, key)
        self._roles = {name: self._role(name, raw) for name, raw in self._tables(content, "role")}
        if ADMINISTRATOR not in self._roles:
            raise self._wrong(PermissionTableFault.ROW_MISSING, "role", row=f"role.{ADMINISTRATOR}")
        groups = content.get("group", {})
        self._groups = {name: tuple(self._named(members, name)) for name, members in groups.items()}
        rows: dict[str, Row] = {}
        for name, raw in self._tables(content, "command"):
            rows[name] = self._command(name, raw)
        for name in BY_NAME if whole else ():
            if name not in rows:
                raise self._wrong(PermissionTableFault.ROW_MISSING, "command", row=name)
        routes: dict[str, RouteRight] = {}
        for name, raw in self._tables(content, "route"):
            routes[name], rows[name] = self._route(name, raw)
        return PermissionTable(Permissions(self._roles, rows), routes)

    def _tables(self, content: Mapping[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
        found = content.get(section, {})
        for name, raw in found.items() if isinstance(found, dict) else ():
            if not isinstance(raw, dict):
                raise self._wrong(PermissionTableFault.KEY_UNKNOWN, name, key=name, known="{ any = [], own = [] }")
            yield name, raw

    def _role(self, name: str, raw: Mapping[str, Any]) -> Role:
        for key in raw:
            self._known(key, ("label", "reads_only"), name)
        label = raw.get("label")
        if not _NAME.match(name) or not isinstance(label, dict) or not {"en", "zh-Hant"} <= set(label):
            known = 'label = { en = "", zh-Hant = "" }'
            raise self._wrong(PermissionTableFault.KEY_UNKNOWN, name, key=name, known=known)
        return Role(name, Text(str(label["en"]), str(label["zh-Hant"])), raw.get("reads_only") is True)

    def _command(self, name: str, raw: Mapping[str, Any]) -> Row:
        if name not in BY_NAME:
            raise self._wrong(PermissionTableFault.ROW_UNKNOWN, name, row=name)
        for key in raw:
            self._known(key, ("any", "own"), name)
        row = self._row(name, raw)
        reader = next((role for role in row if self._roles[role].reads_only), None)
        if reader is not None:
            raise self._wrong(PermissionTableFault.ROLE_ONLY_READS, name, row=name, role=reader)
        if row and BY_NAME[name] in FROM_PARTNERS:
            raise self._wrong(PermissionTableFault.ROLE_UNKNOWN, name, row=name, role=next(iter(row)), known="-")
        return row

    def _route(self, name: str, raw: Mapping[str, Any]) -> tuple[RouteRight, Row]:
        if not _ROUTE.match(name):
            raise self._wrong(PermissionTableFault.ROW_UNKNOWN, name, row=name)
        for key in raw:
            self._known(key, ("any", "own", "public", "by_command", "token", "local"), name)
        token = raw.get("token", "")
        if token and token not in TOKEN_SCOPES:
            self._known(str(token), TOKEN_SCOPES, name)
        right = RouteRight(
            raw.get("public") is True, raw.get("by_command") is True, str(token), raw.get("local") is not False
        )
        return right, self._row(name, raw)

    def _row(self, name: str, raw: Mapping[str, Any]) -> Row:
        """What each role may. A role that is named in both lists may do it to anything."""
        own = dict.fromkeys(self._named(raw.get("own", []), name), Reach.OWN)
        return {**own, **dict.fromkeys(self._named(raw.get("any", []), name), Reach.ANY)}

    def _named(self, words: Any, row: str) -> Iterator[str]:
        """The roles of a list, with those of its groups."""
        if not isinstance(words, list):
            raise self._wrong(PermissionTableFault.KEY_UNKNOWN, row, key=str(words)[:40], known='["..."]')
        for word in words:
            if word in self._roles:
                yield word
            elif isinstance(word, str) and word.startswith("@") and word[1:] in self._groups:
                yield from self._groups[word[1:]]
            else:
                facts = {"row": row, "role": str(word)[:40], "known": ", ".join(self._roles)}
                raise self._wrong(PermissionTableFault.ROLE_UNKNOWN, row, **facts)

    def _known(self, key: str, known: Sequence[str], row: str) -> None:
        if key not in known:
            raise self._wrong(PermissionTableFault.KEY_UNKNOWN, row, key=key[:40], known=", ".join(known))

    def _wrong(self, fault: PermissionTableFault, at: str, /, **facts: str) -> Outage:
        return Outage(fault, {"path": self._path, "line": self._line(at), **facts})

    def _line(self, row: str) -> int:
        """The line on which a row, a role or a section begins; 0 where it stands nowhere."""
        name = re.escape(row)
        found = re.search(rf'^(?:"{name}"\s*=|{name}\s*=|\[(?:[a-z]+\.)?"?{name}"?\])', self._text, re.MULTILINE)
        return 0 if found is None else self._text.count("\n", 0, found.start()) + 1
