"""Opens packs by path and turns their files into domain values. The only code at the top of `packs/`."""

import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from counterfoil.domain.reporting.aef_format import AefFormat
from counterfoil.packs.formats.aef_format import aef_format

FORMATS: Final = "formats"


def load_aef_format(*, version: str = "cma6", profile: str | None = None) -> AefFormat:
    """The agreed electronic format of one version; without a profile, the pack's default one.

    Raises:
        LookupError: no such version or profile; the message names those that exist.
    """
    folder = _folder(files(__package__) / FORMATS / "aef", version)
    pack = read_table(folder / "pack.toml")
    profile_id = profile or pack["default_profile"]
    if profile_id not in pack["profiles"]:
        raise LookupError(f"AEF {version} has no profile {profile_id!r}; it has {', '.join(pack['profiles'])}")
    return aef_format(
        pack=pack,
        columns=read_table(folder / "columns.toml"),
        vocabulary=read_table(folder / "vocabulary.toml"),
        profile_id=profile_id,
        profile=read_table(folder / "profiles" / f"{profile_id}.toml"),
    )


def _folder(parent: Traversable, name: str) -> Traversable:
    found = sorted(child.name for child in parent.iterdir() if (child / "pack.toml").is_file())
    if name not in found:
        raise LookupError(f"no pack {name!r}; there are {', '.join(found)}")
    return parent / name


def read_table(path: Traversable) -> dict[str, Any]:
    """A TOML file of this package, which is sound."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
