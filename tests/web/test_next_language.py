"""A further language is one file: its catalogue in the locale folder, and nothing else anywhere."""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from counterfoil.entrypoints import language
from counterfoil.entrypoints.bootstrap import Folder
from tests.http.desk import asking

pytestmark = pytest.mark.anyio
OWN = {
    "web.direction": "rtl",
    "web.menu.activities": "ACTIVITIES-AR",
    "fault.http.not_found.message": "NOTHING-AR {path}",
}


@pytest.fixture
def arabic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The locale folder with one more file, of a language that is written from the right."""
    made = tmp_path / "locale"
    real = Path(str(resources.files("counterfoil") / "locale"))
    for name in ("en", "zh_Hant"):
        (made / name / "LC_MESSAGES").mkdir(parents=True)
        source = real / name / "LC_MESSAGES" / "counterfoil.mo"
        (made / name / "LC_MESSAGES" / "counterfoil.mo").write_bytes(source.read_bytes())
    folder = made / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="ar")
    for key, text in OWN.items():
        catalogue.add(key, text)
    with (folder / "counterfoil.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "_locales", lambda: made)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for each in (language.spoken, language._catalogue, language._alone):
        each.cache_clear()
    from counterfoil.entrypoints.http.problem import _preferred
    from counterfoil.entrypoints.web.typeset import environment

    _preferred.cache_clear()
    environment.cache_clear()


@pytest.mark.usefixtures("arabic")
async def test_a_further_language_is_spoken_by_every_page_and_english_where_it_is_silent(folder: Folder) -> None:
    async with asking(folder, accept="text/html") as client:
        page = await client.get("/design?lang=ar")
        assert page.headers["content-language"] == "ar"
        assert '<html lang="ar" dir="rtl">' in page.text
        assert "ACTIVITIES-AR" in page.text and "Authorizations" in page.text
        # Every page offers it, and a browser that likes it best gets it without asking.
        assert 'hreflang="ar"' in (await client.get("/design?lang=en")).text
        client.cookies.clear()
        liked = await client.get("/design", headers={"accept-language": "ar-EG, en;q=0.5"})
        assert liked.headers["content-language"] == "ar"
        missing = await client.get("/nothing?lang=ar")
        assert "NOTHING-AR /nothing" in missing.text


@pytest.mark.usefixtures("arabic")
def test_the_command_line_takes_it_too() -> None:
    assert language.spoken() == ("en", "zh-Hant", "ar")
    assert language.language_named("ar_EG.UTF-8") == "ar"
    texts = language.Texts("ar")
    assert texts("web.menu.activities") == "ACTIVITIES-AR" and texts("web.menu.units") == "Units"


def test_two_languages_are_complete_so_that_no_text_of_one_falls_back_to_the_other() -> None:
    assert language.spoken() == language.LANGUAGES
    assert language.Texts("zh-Hant").own("web.menu.units") == "單位"


def test_the_file_of_a_further_language_is_begun_with_every_key_and_keeps_what_is_translated(tmp_path: Path) -> None:
    from tools.language import kept, wanted, write

    path, done, all_of = write("th", tmp_path)
    assert path == tmp_path / "locale" / "th" / "LC_MESSAGES" / "counterfoil.po" and done == 0
    assert {"web.menu.units", "fault.http.not_found.fix", "country.THA"} <= set(wanted()) and all_of == len(wanted())
    text = path.read_text("utf-8")
    path.write_text(text.replace('msgid "web.menu.units"\nmsgstr ""', 'msgid "web.menu.units"\nmsgstr "UNITS-TH"'))
    assert write("th", tmp_path)[1] == 1 and kept(path, "th") == {"web.menu.units": "UNITS-TH"}
