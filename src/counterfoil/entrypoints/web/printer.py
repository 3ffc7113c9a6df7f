"""Templates to HTML: one Jinja environment for each language, which escapes everything that is not marked as safe.

Templates get `visit`, `t` (texts by key), `url`, and the wording of the language; a name that is not there is our own
mistake and stops the page. Source: ADR-0038.
"""

import json
from typing import Any

from counterfoil.application.command import REGISTRY, SELF
from counterfoil.application.queries.sight import Sight
from counterfoil.entrypoints.country_codes import country_names
from counterfoil.entrypoints.faults import catalogue
from counterfoil.entrypoints.language import Texts, said
from counterfoil.entrypoints.provision_text import provision_text
from counterfoil.entrypoints.reports.words import Words
from counterfoil.entrypoints.web.account_words import account_text
from counterfoil.entrypoints.web.act_names import with_titles
from counterfoil.entrypoints.web.assets import asset_path
from counterfoil.entrypoints.web.cells import Cells
from counterfoil.entrypoints.web.desk.tasks import waiting
from counterfoil.entrypoints.web.desk.views import saved_views
from counterfoil.entrypoints.web.menu import desk_menu, public_menu
from counterfoil.entrypoints.web.reply import Shown
from counterfoil.entrypoints.web.typeset import MADE, environment
from counterfoil.entrypoints.web.visit import Visit
from counterfoil.entrypoints.web.wording import Wording


def render(visit: Visit, shown: Shown, sight: Sight | None) -> str:
    """The page of a reply; without a look at the books, as little as can be said without one."""
    return environment(visit.language).get_template(shown.template).render(facts_of(visit, shown, sight))


def site_facts(sight: Sight | None) -> dict[str, Any]:
    """Who keeps this register and how far its journal is: what the frame of every page says."""
    if sight is None or sight.record(REGISTRY, SELF) is None:
        return {"name": "Counterfoil", "party": "", "demonstration": False, "entries": 0, "founded": False}
    registry, last = sight.registry, sight.reading.last_checkpoint()
    return {
        "name": registry.name,
        "party": registry.party,
        "demonstration": registry.demonstration,
        "entries": 0 if last is None else last.size,
        "founded": True,
    }


def _country(code: str, language: str) -> str:
    return said(country_names().get(code, {"en": code}), language, f"country.{code}")


def _amount(value: object, texts: Texts) -> str:
    """A value with its unit as a pack has it, such as `35 days`; one of another unit stays as it is."""
    number, _, unit = str(value).partition(" ")
    key = f"web.amount.{unit}"
    return texts(key, n=number) if unit and texts.known(key) else str(value)


def facts_of(visit: Visit, shown: Shown, sight: Sight | None) -> dict[str, Any]:
    """What every template may use, and what this page gives it."""
    site, texts = site_facts(sight), visit.texts
    words = Wording(visit.language, str(site["party"]))

    def country(code: object) -> str:
        return said(country_names().get(str(code), {"en": str(code)}), visit.language, f"country.{code}")

    return {
        MADE: {},
        "visit": visit,
        "site": site,
        "area": "desk" if visit.caller is not None else "portal",
        "t": texts,
        "said": lambda table, key="": said(table, visit.language, key),
        "label": lambda name: texts.known(f"field.{name}") or name,
        "named": lambda kind, value: texts.known(f"word.{kind}.{value}") or value,
        "supposed": lambda values: list(dict.fromkeys(Words(texts).assumed([each]) for each in values)),
        "account_text": lambda code: account_text(code, texts),
        "amount": lambda value: _amount(value, texts),
        "provision": lambda text: provision_text(text, texts),
        "url": visit.url,
        "here": visit.here,
        "asset": lambda name: visit.url(*asset_path(name)),
        "number": words.number,
        "signed": words.signed,
        "day": words.day,
        "full_day": words.full_day,
        "moment": words.moment,
        "iso": words.iso,
        "year": words.year,
        "listed": words.listed,
        "country": country,
        "fault_text": lambda fault: with_titles(catalogue().message(fault, visit.language), texts),
        "fault_fix": lambda fault: with_titles(catalogue().fix(fault, visit.language), texts),
        "pretty": lambda value: json.dumps(value, ensure_ascii=False, indent=2, default=str),
        "public_menu": lambda: public_menu(visit),
        "desk_menu": lambda: desk_menu(visit),
        # An address says how deep the page lies, and carries a language that the browser has not kept yet.
        "drawn": lambda *key, caller: visit.ground.drawn.once((visit.language, visit.url(), *key), caller),
        "rows_of": Cells(texts, words, visit.url, country).rows,
        "waiting": lambda: waiting(visit, sight),
        "saved_views": lambda: saved_views(visit),
        **shown.facts,
    }
