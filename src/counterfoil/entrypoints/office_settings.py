"""`office.toml` in a registry's folder: its public address, and the identity provider that it trusts, if any."""

import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.adapters.office.openid import Client, is_safe
from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.ports import Outage

FILE: Final = "office.toml"
RETURN: Final = "/api/v1/office/sign-in/provider/return"
"""Where an identity provider sends people back to, below the registry's address."""
_BYTES_MAX: Final = 64 * 1024
_KEYS: Final = ("address", "name", "behind_proxy", "single_sign_on")
_PROVIDER: Final = ("issuer", "client", "secret_file", "method_required")


@dataclass(frozen=True, slots=True)
class OfficeSettings:
    """`address` is what browsers show, without a path; empty until the operator says it.

    `behind_proxy` says that requests come through a proxy which appends the client's address to `X-Forwarded-For`.
    """

    address: str = ""
    name: str = "Counterfoil"
    behind_proxy: bool = False
    provider: Client | None = None


def read_settings(directory: Path) -> OfficeSettings:
    """The settings of a folder; those of nobody where there is no file.

    Raises:
        Outage: `office.settings_unreadable`, with what is wrong.
    """
    path = directory / FILE
    try:
        with path.open("rb") as file:
            raw = tomllib.loads(file.read(_BYTES_MAX).decode("utf-8"))
    except FileNotFoundError:
        return OfficeSettings()
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    _only(path, raw, _KEYS)
    address = str(raw.get("address", "")).rstrip("/")
    if address and (not is_safe(address) or urlsplit(address).path or "@" in address):
        raise _wrong(path, "address is no https address without a path")
    provider = raw.get("single_sign_on")
    return OfficeSettings(
        address=address,
        name=str(raw.get("name", "Counterfoil"))[:60],
        behind_proxy=raw.get("behind_proxy") is True,
        provider=None if provider is None else _provider(path, provider, address),
    )


def _provider(path: Path, raw: Any, address: str) -> Client:
    if not isinstance(raw, dict):
        raise _wrong(path, "single_sign_on is no table")
    _only(path, raw, _PROVIDER)
    missing = [key for key in ("issuer", "client", "secret_file") if not raw.get(key)]
    if missing or not address:
        raise _wrong(path, f"missing: {', '.join(missing) or 'address'}")
    issuer = str(raw["issuer"])
    if not is_safe(issuer):
        raise _wrong(path, "issuer is no https address")
    secret = _secret(path, path.parent / str(raw["secret_file"]))
    return Client(issuer, str(raw["client"]), secret, f"{address}{RETURN}", str(raw.get("method_required", "")))


def _secret(path: Path, place: Path) -> str:
    """The client's secret from a file of its own, which only its owner may read."""
    try:
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            raise _wrong(path, f"{place.name} can be read by others")
        return place.read_text("utf-8")[:4_096].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error


def _only(path: Path, raw: dict[str, Any], known: tuple[str, ...]) -> None:
    unknown = [key for key in raw if key not in known]
    if unknown:
        raise _wrong(path, f"unknown: {unknown[0]}")


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(OfficeFault.SETTINGS_UNREADABLE, {"path": str(path), "detail": detail[:200]})
