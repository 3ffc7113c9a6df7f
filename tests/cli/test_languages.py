"""English and Traditional Chinese: chosen in one order, complete in both, aligned by what a terminal shows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import counterfoil as package
from counterfoil.application import verification
from counterfoil.domain.ledger.entry import Act
from counterfoil.entrypoints.cli import main as command_line
from counterfoil.entrypoints.cli.columns import padded, table, width, wrapped
from counterfoil.entrypoints.cli.contents import HELP_COLUMNS, Contents
from counterfoil.entrypoints.cli.export_guide import dictionary_rows
from counterfoil.entrypoints.language import LANGUAGES, Texts, chosen_language
from tests.cli.conftest import Counterfoil

KEY = re.compile(r"(cli|act|value|field|export|verify)(\.[A-Za-z0-9_.-]+)+\Z")
SOURCE = Path(package.__file__).parent


@pytest.mark.parametrize(
    "arguments, environment, language",
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ([], {"LANG": "zh_HK"}, "zh-Hant"),
        ([], {"LANG": "zh_Hant_TW.UTF-8"}, "zh-Hant"),
        ([], {"LANG": "zh_CN.UTF-8"}, "en"),
        ([], {"LANG": "de_DE.UTF-8"}, "en"),
        ([], {"LC_ALL": "en_GB.UTF-8", "LANG": "zh_TW.UTF-8"}, "en"),
        ([], {"COUNTERFOIL_LANG": "zh-Hant", "LC_ALL": "en_GB.UTF-8"}, "zh-Hant"),
        ([], {"COUNTERFOIL_LANG": "klingon", "LANG": "zh_TW"}, "zh-Hant"),
        (["show", "--lang", "en"], {"COUNTERFOIL_LANG": "zh-Hant"}, "en"),
        (["--lang=zh-Hant", "show"], {}, "zh-Hant"),
        (["do", "--", "--lang=zh-Hant"], {}, "en"),
        (["show", "--lang"], {}, "en"),
    ],
)
def test_the_language_is_chosen_by_option_then_variable_then_locale(
    arguments: list[str], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, Contents):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from commands(inner, (*path, name))


ALL = list(commands(command_line.contents(Texts("en"))))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_help_is_complete_and_fits_a_narrow_terminal(
    path: tuple[str, ...], language: str, counterfoil: Counterfoil
) -> None:
    result = counterfoil(*path, "--help", "--lang", language)
    assert result.status == 0
    assert not re.search(r"\bcli\.[a-z]", result.out), "a key without a text"
    assert ("用法" if language == "zh-Hant" else "Usage") in result.out
    assert max(map(width, result.out.splitlines())) <= HELP_COLUMNS
    assert not [line for line in result.out.splitlines() if line.endswith(("（", "「", "[")) or line.endswith("[選")]
    assert "Show this message" not in result.out


def test_the_table_of_contents_names_every_command() -> None:
    named = {tuple(line.split()) for names in command_line.SECTIONS.values() for line in names}
    groups = {path for path in ALL if any(other[: len(path)] == path and other != path for other in ALL)}
    assert named == set(ALL) - groups


def keys_in_source() -> Iterator[str]:
    for path in (SOURCE / "entrypoints" / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0]
                if called in ("texts", "say", "note", "progress") and isinstance(first, ast.Constant):
                    yield str(first.value)


def generated_keys() -> Iterator[str]:
    yield from (f"act.{act.value}" for act in Act)
    yield from re.findall(r"\"(verify\.[a-z_]+)\"", Path(verification.__file__).read_text("utf-8"))
    yield from (f"verify.fact.{name}" for name in facts_of_findings())
    yield from command_line.SECTIONS


def facts_of_findings() -> set[str]:
    """The names of the facts that an audit gives with a finding, and those of an outage of the schema."""
    names = {"stored", "replayed", "why", "part"}
    for node in ast.walk(ast.parse(Path(verification.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_Unsound":
            names |= {keyword.arg for keyword in node.keywords if keyword.arg is not None}
    assert len(names) > 10
    return names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_the_program_uses_has_a_text(language: str) -> None:
    texts = Texts(language)
    keys = {key for key in (*keys_in_source(), *generated_keys()) if KEY.match(key)}
    assert len(keys) > 100
    assert not [key for key in sorted(keys) if texts.known(key) is None]
    assert not [row for row in dictionary_rows([texts]) if row[-1].startswith("export.")]


@pytest.mark.parametrize("arguments", [("show",), ("nothing",), ("do", "/no/such/file"), ("faults", "no.such")])
def test_a_complaint_is_in_the_language_and_has_the_same_code(
    counterfoil: Counterfoil, arguments: tuple[str, ...]
) -> None:
    english = counterfoil(*arguments, "--lang", "en")
    chinese = counterfoil(*arguments, "--lang", "zh-Hant")
    assert english.status == chinese.status == 2
    assert re.findall(r"\[[a-z._]+\]", english.err) == re.findall(r"\[[a-z._]+\]", chinese.err) != []
    assert english.err.isascii() is False  # the marks
    assert re.search(r"[一-鿿]", chinese.err) and not re.search(r"[一-鿿]", english.err)


def test_columns_align_by_what_a_terminal_shows() -> None:
    lines = table([["授權", "1"], ["unit", "1,916"], ["é", "22"]], right=frozenset({1}))
    assert {width(line) for line in lines} == {4 + 2 + 5}
    assert width("e\u0301") == 1 and width("登錄") == 4 and width("—") == 1
    assert padded("授權", 6) == "授權  "


@pytest.mark.parametrize("places", [4, 10, 33, 80])
def test_wrapping_loses_nothing_and_keeps_to_the_width(places: int) -> None:
    text = "Authorized units 授權單位，首次轉讓 may be used towards an NDC。"
    lines = wrapped(text, places)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    longest_word = max(width(word) for word in re.findall(r"[ -~]+?(?= |$)", text))
    assert max(map(width, lines)) <= max(places, longest_word) + 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_no_help_names_an_empty_default(path: tuple[str, ...], language: str, counterfoil: Counterfoil) -> None:
    """Such as an option that chooses nothing when it is left out."""
    told = re.sub(r"\s+", " ", counterfoil(*path, "--help", "--lang", language).out)
    assert not re.search(r"Default: ?\.(?!\.)|預設值： ?。", told)
