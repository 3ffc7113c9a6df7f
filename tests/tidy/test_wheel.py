"""A built package carries everything that a machine without the repository needs, and nothing that was not asked for.

What the build would put in is asked of the build itself, so nothing is built here.
"""

import pytest

from tests.tidy.tree import ROOT

PACKAGE = ROOT / "src" / "counterfoil"
FROM_OUTSIDE = ("catalogue/glossary.toml", "examples/demo", "examples/ndc", "examples/scenarios")


@pytest.fixture(scope="module")
def carried() -> frozenset[str]:
    """The files of the package, by their paths in it."""
    from hatchling.builders.wheel import WheelBuilder

    builder = WheelBuilder(str(ROOT))
    found = {each.distribution_path for each in builder.recurse_included_files()}
    found |= {f"counterfoil/{name}" for name in FROM_OUTSIDE if _comes(builder.config.force_include, name)}
    return frozenset(each.removeprefix("counterfoil/") for each in found)


def _comes(forced: dict[str, str], name: str) -> bool:
    """Whether a file or folder from outside the package is put into it, by the table or by the build hook."""
    from hatch_build import FACTS

    return any(f"counterfoil/{name}" == target for target in (*forced.values(), *FACTS.values()))


def test_every_file_of_the_package_is_carried(carried: frozenset[str]) -> None:
    here = {
        each.relative_to(PACKAGE).as_posix()
        for each in PACKAGE.rglob("*")
        if each.is_file() and "__pycache__" not in each.parts
    }
    # Catalogues that are compiled at this moment, and nothing else, may come and go.
    missing = {each for each in here - carried if ".mo" not in each and (PACKAGE / each).is_file()}
    assert not missing


def test_pages_maps_fonts_licences_words_and_examples_are_among_them(carried: frozenset[str]) -> None:
    for name in (
        "entrypoints/web/templates/base.html",
        "entrypoints/web/assets/style.css",
        "entrypoints/web/assets/page.js",
        "static/web/htmx.min.js",
        "static/web/htmx-LICENSE.txt",
        "static/web/maplibre-gl.js",
        "static/web/maplibre-gl-LICENSE.txt",
        "static/web/countries-50m.json",
        "static/web/countries-LICENSE.txt",
        "static/fonts/NotoSansTC-Regular.ttf",
        "static/fonts/NotoSansTC-LICENSE.txt",
        "locale/en/LC_MESSAGES/counterfoil.mo",
        "locale/zh_Hant/LC_MESSAGES/counterfoil.mo",
        "catalogue/permissions.toml",
        *FROM_OUTSIDE,
    ):
        assert name in carried, name


def test_nothing_of_the_workshop_is_carried(carried: frozenset[str]) -> None:
    assert not [each for each in carried if each.endswith((".pyc", ".map")) or each.startswith(("tests/", "tools/"))]
