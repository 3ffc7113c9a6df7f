"""A reader's trust policy as a file: which logs and witnesses count, in groups of k of n, and what the quorum is.

The form is that of C2SP tlog-policy, groups of groups included. Bounds are stated; what goes beyond them is refused.
Source: C2SP tlog-policy, sections Policy file syntax and structure and Implementation limits.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.ledger.note import Algorithm, NoteKey, read_note_key

POLICY_CHARACTERS_MAX: Final = 64 * 1024
NAMES_MAX: Final = 256
NONE: Final = "none"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}\Z")


class PolicyFault(StrEnum):
    UNREADABLE = "policy.unreadable"


@dataclass(frozen=True, slots=True)
class Group:
    """Members of whom at least `least` must have signed; a member is a witness or an earlier group."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """What a policy file says. `quorum` is the name of a witness or group, or `none`."""

    logs: tuple[NoteKey, ...]
    witnesses: Mapping[str, NoteKey]
    groups: Mapping[str, Group]
    quorum: str

    def met(self, signed: frozenset[str]) -> bool:
        """True when the witnesses of these names (the names in the file) are enough."""
        reached = set(signed)
        for name, group in self.groups.items():
            # Groups stand after their members, so one pass in their order is enough.
            if sum(member in reached for member in group.members) >= group.least:
                reached.add(name)
        return self.quorum == NONE or self.quorum in reached


class _Unreadable(Exception):
    """Why a line is none."""


class _Draft:
    """What was read so far."""

    def __init__(self) -> None:
        self.logs: list[NoteKey] = []
        self.witnesses: dict[str, NoteKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self.logs.append(self._key(key, Algorithm.ED25519, self.logs))
            case ["witness", name, key] | ["witness", name, key, _]:
                self._new(name)
                self.witnesses[name] = self._key(key, Algorithm.COSIGNATURE, self.witnesses.values())
            case ["group", name, least, *members] if members:
                self._group(name, least, members)
            case ["quorum", name] if self.quorum is None and (name == NONE or self._known(name)):
                self.quorum = name
            case _:
                raise _Unreadable(" ".join(words)[:80])

    def _group(self, name: str, least: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            if not self._known(member) or member in self._members:
                raise _Unreadable(member[:80])
            self._members.add(member)
        count = {"any": 1, "all": len(members)}.get(least) or (int(least) if _NUMBER.match(least) else 0)
        if not 1 <= count <= len(members):
            raise _Unreadable(f"{name} {least}"[:80])
        self.groups[name] = Group(count, tuple(members))

    def _new(self, name: str) -> None:
        if name == NONE or self._known(name) or len(self.witnesses) + len(self.groups) >= NAMES_MAX:
            raise _Unreadable(name[:80])

    def _known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    @staticmethod
    def _key(text: str, algorithm: Algorithm, others: Iterable[NoteKey]) -> NoteKey:
        key = read_note_key(text)
        if key is None or key.algorithm is not algorithm or any(key.public_key == each.public_key for each in others):
            raise _Unreadable(text[:160])
        return key


def read_policy(text: str) -> TrustPolicy | Refusal:
    """The policy in a file's text, or `policy.unreadable` with the line that cannot be read."""
    if len(text) > POLICY_CHARACTERS_MAX or not text.endswith("\n") or "\r" in text:
        return Refusal(PolicyFault.UNREADABLE, {"line": 0, "detail": text[-40:]})
    draft = _Draft()
    for number, line in enumerate(text.split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            draft.take(words)
        except _Unreadable as unreadable:
            return Refusal(PolicyFault.UNREADABLE, {"line": number, "detail": str(unreadable)})
    if draft.quorum is None:
        return Refusal(PolicyFault.UNREADABLE, {"line": 0, "detail": "quorum"})
    return TrustPolicy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)
