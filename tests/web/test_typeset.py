"""Texts whose keys stand in a template are put in when it is compiled: the same page, with less work for each."""

from typing import Any

import pytest
from markupsafe import Markup

from counterfoil.entrypoints.language import Texts
from counterfoil.entrypoints.web.drawn import KEPT_MAX, Drawn
from counterfoil.entrypoints.web.escaped import escaped, options
from counterfoil.entrypoints.web.typeset import MADE, PARTS, environment

EVIL = "<script>alert(1)</script>\"'&"


class Counted(Texts):
    """Texts that say how often they were asked."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.asked: list[str] = []

    def __call__(self, key: str, /, **facts: Any) -> str:
        self.asked.append(key)
        return super().__call__(key, **facts)


def drawn(language: str, source: str, **facts: Any) -> tuple[str, list[str]]:
    texts = Counted(language)
    return environment(language).from_string(source).render(t=texts, **facts), texts.asked


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_a_text_that_is_known_beforehand_is_looked_up_for_no_visitor(language: str) -> None:
    said = Texts(language)
    assert drawn(language, "<p>{{ t('web.find.go') }}</p>") == (f"<p>{said('web.find.go')}</p>", [])
    either = "{{ t('web.form.yes' if yes else 'web.form.no') }}"
    assert drawn(language, either, yes=True) == (said("web.form.yes"), [])
    assert drawn(language, either, yes=False) == (said("web.form.no"), [])


def test_a_text_with_facts_or_with_a_key_in_pieces_is_made_where_it_stands() -> None:
    assert drawn("en", "{{ t('web.form.row', n=n) }}", n=3)[1] == ["web.form.row"]
    yes, mixed = Texts("en")("web.form.yes"), "{{ t('web.form.yes' if yes else which) }}"
    assert drawn("en", "{{ t('web.form.' ~ which) }}", which="yes") == (yes, ["web.form.yes"])
    assert drawn("en", mixed, yes=True, which="web.form.no") == (yes, ["web.form.yes"])


def test_a_text_is_escaped_when_it_is_put_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Texts, "__call__", lambda _self, _key, **_: EVIL)
    source = "<a title=\"{{ t('x') }}\">{{ t('x') }}</a>{{ t('x') ~ '<b>' }}"
    shown = environment("en").from_string(source).render()
    assert "<script" not in shown and "<b>" not in shown and shown.count('"') == 2


def test_each_language_has_templates_of_its_own() -> None:
    one, other = (drawn(language, "{{ t('web.find.go') }}")[0] for language in ("en", "zh-Hant"))
    assert one != other and environment("en") is environment("en") is not environment("zh-Hant")


def test_the_general_parts_are_made_once_for_a_page_and_anew_for_the_next() -> None:
    parts = environment("en").get_template(PARTS)
    page: dict[str, Any] = {MADE: {}, "t": Texts("en")}
    assert parts.make_module(page) is parts.make_module(dict(page))
    assert parts.make_module({**page, MADE: {}}) is not parts.make_module(page)
    assert parts.make_module({"t": Texts("en")}) is not parts.make_module({"t": Texts("en")})


def test_a_part_that_says_the_same_to_everybody_is_drawn_once_for_each_key() -> None:
    kept, times = Drawn(), list[str]()

    def draw(text: str) -> Markup:
        times.append(text)
        return Markup(text)

    assert [kept.once(("en", key), lambda key=key: draw(key)) for key in "aba"] == ["a", "b", "a"]
    assert times == ["a", "b"]
    for number in range(KEPT_MAX):
        kept.once(number, Markup)
    kept.once(("en", "a"), lambda: draw("again"))
    assert times[-1] == "again", "keys that visitors may choose push out others, and never fill the memory"


def test_a_hostile_choice_is_shown_and_does_nothing() -> None:
    found = options([(EVIL, EVIL), ("b", Markup("<i>ours</i>")), (3, None)], EVIL)
    assert "<script" not in found and "&lt;script&gt;" in found and "<i>ours</i>" in found
    assert found.count("selected") == 1 and found.endswith('<option value="3">None</option>')
    assert escaped("plain") == "plain" and escaped(Markup("<i>")) == "<i>"
