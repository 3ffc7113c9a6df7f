"""`links.toml` in a registry's folder: how partners are reached, and how much they may send.

Without the file: HTTPS with the system's authorities to public addresses, plain HTTP to this machine only.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from counterfoil.adapters.peers.http_peer import Way, client_context
from counterfoil.application.federation.flood import PARTNER_BURST, PARTNER_RATE
from counterfoil.application.ports import Outage

FILE: Final = "links.toml"
RATE_MAX: Final = 1_000_000
_BYTES_MAX: Final = 64 * 1024
_KEYS: Final = frozenset({"private", "authorities", "certificate", "key", "messages_per_second", "burst"})


class LinkSettingsFault(StrEnum):
    UNREADABLE = "links.settings_unreadable"


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """How partners are reached, and how many messages a second one may send, in the long run and at once."""

    way: Way = Way()  # noqa: RUF009  a value that nobody changes
    rate: int = PARTNER_RATE
    burst: int = PARTNER_BURST


def read_link_settings(directory: Path) -> LinkSettings:
    """The settings of a folder's registry.

    Raises:
        Outage: `links.settings_unreadable`, with what is wrong.
    """
    path = directory / FILE
    try:
        with path.open("rb") as file:
            raw = tomllib.loads(file.read(_BYTES_MAX).decode("utf-8"))
    except FileNotFoundError:
        return LinkSettings()
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    unknown = sorted(raw.keys() - _KEYS)
    if unknown:
        raise _wrong(path, f"unknown: {unknown[0]}")
    rate, burst = (
        _number(path, raw, *each) for each in (("messages_per_second", PARTNER_RATE), ("burst", PARTNER_BURST))
    )
    private = raw.get("private", False)
    if not isinstance(private, bool):
        raise _wrong(path, "private is true or false")
    return LinkSettings(_way(path, raw, private=private), rate, burst)


def _way(path: Path, raw: Mapping[str, Any], *, private: bool) -> Way:
    files = {name: raw.get(name, "") for name in ("authorities", "certificate", "key")}
    if not all(isinstance(name, str) for name in files.values()):
        raise _wrong(path, "authorities, certificate and key are names of files")
    if not any(files.values()):
        return Way(private)
    if files["key"] and not files["certificate"]:
        raise _wrong(path, "a key without its certificate")
    try:
        # A name without a folder stands beside the settings.
        return Way(
            private, client_context(**{name: str(path.parent / each) if each else "" for name, each in files.items()})
        )
    except (OSError, ValueError) as error:
        raise _wrong(path, f"{type(error).__name__}: {error}") from error


def _number(path: Path, raw: Mapping[str, Any], name: str, otherwise: int) -> int:
    number = raw.get(name, otherwise)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= RATE_MAX:
        raise _wrong(path, f"{name} is no whole number from 1 to {RATE_MAX}")
    return number


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(LinkSettingsFault.UNREADABLE, {"path": str(path), "detail": detail[:200]})
