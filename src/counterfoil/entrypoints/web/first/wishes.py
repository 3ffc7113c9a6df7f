"""What a new ministry says of its registry, read from the form and held against the rule of founding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from counterfoil.application.command import NdcPeriod
from counterfoil.application.commands.adopt_pack import AdoptPack
from counterfoil.application.commands.found import Found, FoundFault
from counterfoil.domain.kernel.ids import Party
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.policy.kinds.party import APART
from counterfoil.domain.policy.pack import Pack
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.founding import btr_year, origin_of
from counterfoil.entrypoints.pack_shelf import open_pack, open_shelf
from counterfoil.entrypoints.web.form import Form

NAME_MAX: Final = 120
FIELDS: Final = ("party", "registry", "name", "first", "last", "is_party", "demonstration", "pack")


@dataclass(frozen=True, slots=True)
class Wishes:
    """The fields as they were typed, and what is wrong with them by field."""

    fields: Mapping[str, str]
    wrong: Mapping[str, Refusal] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Form) -> "Wishes":
        return cls({name: form.get(name)[:NAME_MAX] for name in FIELDS})

    def founding(self) -> Found | Refusal:
        """The founding act, or what cannot be read."""
        said = self.fields
        years = (said["first"], said["last"])
        if not all(year.isascii() and year.isdecimal() and len(year) == 4 for year in years):
            return Refusal(FoundFault.PERIODS_OVERLAP)
        first, last = int(years[0]), int(years[1])
        party, registry = said["party"].upper(), said["registry"].upper()
        return Found(
            registry=registry,
            party=Party(party),
            name=said["name"] or registry,
            origin=origin_of(party, registry),
            public_key="",
            is_party=said["is_party"] == "yes",
            demonstration=said["demonstration"] == "yes",
            ndc_periods=(NdcPeriod(first, last, btr_year(last)),),
        )

    def adoption(self) -> tuple[AdoptPack, ...]:
        """The country's pack, where there is one and it is wanted."""
        found = open_pack(self.fields["pack"]) if self.fields["pack"] in open_shelf().packs else None
        return (AdoptPack(pack=found.id, version=found.law.version),) if isinstance(found, Pack) else ()


def suggested(code: str, *, on: date) -> dict[str, str]:
    """What is filled in for a country: from its pack where there is one, else from its code."""
    found = next((pack for pack in open_shelf().packs.values() if pack.law.jurisdiction == code), None)
    names = country_names().get(code, {})
    name = " · ".join(dict.fromkeys(names.get(language, "") for language in ("en", "zh-Hant"))) or code
    if found is not None:
        standing = {clause.content.status for clause in found.law.in_force("party", on)}
        name = f"{found.law.title.en} · {found.law.title.zh_hant}"
    return {
        "party": code,
        "registry": f"{code}01",
        "name": name,
        "first": "2021",
        "last": "2030",
        "is_party": "" if found is not None and standing & APART else "yes",
        "demonstration": "",
        "pack": "" if found is None else found.id,
    }


def countries(language: str) -> list[tuple[str, str, bool]]:
    """Code, name, and whether there is a pack; those with a pack first."""
    packed = {pack.law.jurisdiction: pack.law.title.in_language(language) for pack in open_shelf().packs.values()}
    packed.pop("", None)
    names = {code: said.get(language, code) for code, said in country_names().items()}
    rest = sorted(((name, code) for code, name in names.items() if code not in packed), key=lambda each: each[0])
    own = sorted((name, code) for code, name in packed.items())
    return [(code, name, True) for name, code in own] + [(code, name, False) for name, code in rest]
