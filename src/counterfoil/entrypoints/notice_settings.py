"""`notices.toml` in a registry's folder: the mail server and the webhooks that the operator configured.

Without the file there is no way out, and notices are in the application alone. Secrets stand in files of their own
that only their owner may read.
"""

import stat
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.ports import Post, Ways, Webhook
from counterfoil.application.ports import Outage
from counterfoil.entrypoints.language import LANGUAGES

FILE: Final = "notices.toml"
WEBHOOKS_MAX: Final = 20
SECRET_BYTES_MIN: Final = 32
_BYTES_MAX: Final = 64 * 1024
_KEYS: Final = ("language", "mail", "webhook")
_MAIL: Final = ("host", "port", "tls", "from", "user", "secret_file")
_HOOK: Final = ("name", "address", "secret_file", "sorts", "private")
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def read_ways(directory: Path) -> Ways:
    """The ways out of a folder's registry.

    Raises:
        Outage: `notice.settings_unreadable`, with what is wrong.
    """
    path = directory / FILE
    try:
        with path.open("rb") as file:
            raw = tomllib.loads(file.read(_BYTES_MAX).decode("utf-8"))
    except FileNotFoundError:
        return Ways()
    except (OSError, ValueError, RecursionError) as error:
        raise _wrong(path, str(error)) from error
    _only(path, raw, _KEYS)
    language = raw.get("language", "en")
    if language not in LANGUAGES:
        raise _wrong(path, f"language is not one of {', '.join(LANGUAGES)}")
    hooks = raw.get("webhook", [])
    if not isinstance(hooks, list) or len(hooks) > WEBHOOKS_MAX:
        raise _wrong(path, f"webhook is no list of at most {WEBHOOKS_MAX} tables")
    made = tuple(_hook(path, each) for each in hooks)
    if len({each.name for each in made}) != len(made):
        raise _wrong(path, "two webhooks have one name")
    return Ways(None if "mail" not in raw else _post(path, raw["mail"]), made, language)


def _post(path: Path, raw: Any) -> Post:
    from counterfoil.adapters.notices.smtp import MailServer, SmtpPost

    table = _table(path, raw, _MAIL, needed=("host", "from"))
    tls = table.get("tls", "starttls")
    host, sender = str(table["host"]), str(table["from"])
    if tls not in ("implicit", "starttls", "none") or (tls == "none" and host not in _HERE):
        raise _wrong(path, 'mail.tls is "implicit" or "starttls"; "none" is for a server on this machine')
    if "@" not in sender or not sender.isprintable() or not host.isprintable():
        raise _wrong(path, "mail.from is no mail address")
    port = table.get("port", 465 if tls == "implicit" else 587)
    if not isinstance(port, int) or not 1 <= port <= 65_535:
        raise _wrong(path, "mail.port is no port")
    user = str(table.get("user", ""))
    secret = _secret(path, table["secret_file"]) if user else ""
    return SmtpPost(MailServer(host, port, tls, sender, user, secret))


def _hook(path: Path, raw: Any) -> Webhook:
    from counterfoil.adapters.notices.webhook import Hook, SignedWebhook

    table = _table(path, raw, _HOOK, needed=("name", "address", "secret_file"))
    name, address, private = str(table["name"])[:60], str(table["address"]), table.get("private") is True
    parts = urlsplit(address)
    good = parts.scheme == "https" or (parts.scheme == "http" and private)
    if not good or not parts.hostname or "@" in parts.netloc or parts.fragment or not address.isascii():
        raise _wrong(path, f"the address of webhook {name} is no https address (http only with private = true)")
    secret = _secret(path, table["secret_file"]).encode()
    if len(secret) < SECRET_BYTES_MIN:
        raise _wrong(path, f"the secret of webhook {name} has fewer than {SECRET_BYTES_MIN} characters")
    sorts = table.get("sorts", ["journal.*"])
    if not isinstance(sorts, list) or not all(isinstance(each, str) for each in sorts):
        raise _wrong(path, f"the sorts of webhook {name} are no list of texts")
    return SignedWebhook(Hook(name, address, secret, tuple(sorts), private))


def _table(path: Path, raw: Any, known: Sequence[str], *, needed: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise _wrong(path, "a table is expected")
    _only(path, raw, known)
    missing = [key for key in (*needed, *(("secret_file",) if raw.get("user") else ())) if not raw.get(key)]
    if missing:
        raise _wrong(path, f"missing: {', '.join(missing)}")
    return raw


def _secret(path: Path, name: Any) -> str:
    """A secret from a file of its own, beside the settings or at a full path."""
    place = path.parent / str(name)
    try:
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            raise _wrong(path, f"{place.name} can be read by others")
        with place.open(encoding="utf-8") as file:
            return file.read(4_096).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error)) from error


def _only(path: Path, raw: Mapping[str, Any], known: Sequence[str]) -> None:
    unknown = [key for key in raw if key not in known]
    if unknown:
        raise _wrong(path, f"unknown: {unknown[0]}")


def _wrong(path: Path, detail: str) -> Outage:
    return Outage(NoticeFault.SETTINGS_UNREADABLE, {"path": str(path), "detail": detail[:200]})
