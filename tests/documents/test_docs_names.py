"""What the documents name exists: links, files, commands and options, acts, faults, routes."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from counterfoil.application.commands.table import BY_NAME
from counterfoil.entrypoints.cli.main import contents
from counterfoil.entrypoints.http.openapi import described
from counterfoil.entrypoints.language import Texts
from tests.documents.pages import BLOCK, ROOT, blocks, documents, prose

SOURCE = ROOT / "src" / "counterfoil"
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
NAMED_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|md|toml|sh|po|yml)\Z")
NAMED_FAULT = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+\Z")
ROUTE = re.compile(r"/api/v1(?:/[\w{}:.-]+)+")
PLACES = ("", "src/counterfoil", "src/counterfoil/domain", "src/counterfoil/application", "src/counterfoil/entrypoints")
NOT_HERE = frozenset(
    {"rules.py", "documents.toml", "engine.toml", "installation.toml", "links.toml", "office.toml", "retention.toml"}
)
"""Files of packs to come, and those that an operator writes."""
ONLY_EXAMPLES = frozenset(
    {
        "verified_t", "pg_stat_activity", "synchronous_standby_names", "full_page_writes", "pg_basebackup", "pg_rewind",
        "pg_cancel_backend", "pg_terminate_backend", "N2O_t", "NF3_t", "SF6_t",
    }
)  # fmt: skip
"""Names of no thing of ours: one that shows how to name, PostgreSQL's own words, and columns named by their gases."""

PAGES = documents()


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    text = BLOCK.sub("", page.read_text("utf-8"))
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    return named | set(re.findall(r'<a id="([^"]+)"', text))


def broken_links(page: Path, text: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        aim = (page.parent / target).resolve() if target else page
        if not aim.exists():
            yield f"{match['target']}: no such file"
        elif anchor and aim.suffix == ".md" and anchor not in anchors(aim):
            yield f"{match['target']}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken_links(page, prose(page))) == []


def missing_files(page: Path, text: str) -> Iterator[str]:
    for name in CODE.findall(text):
        if not NAMED_FILE.match(name) or name in NOT_HERE:
            continue
        beside = [page.parent / name, *(ROOT / place / name for place in PLACES)]
        anywhere = "/" not in name and any(any((ROOT / tree).rglob(name)) for tree in ("src", "examples"))
        if not anywhere and not any(path.exists() for path in beside):
            yield name


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_file_that_is_named_exists(page: Path) -> None:
    assert list(missing_files(page, prose(page))) == []


def words_of(script: str) -> Iterator[list[str]]:
    """The words of every `counterfoil ...` in a script, up to a pipe or redirection."""
    joined = script.replace("\\\n", " ")
    for line in re.sub(r"<<-?'?EOF'?.*?^EOF$", "", joined, flags=re.MULTILINE | re.DOTALL).splitlines():
        for match in re.finditer(r"(?:^|[|;&(]|refused |check )\s*(counterfoil\s[^|;&<>)]*)", line):
            try:
                yield shlex.split(match[1], comments=True)
            except ValueError:
                continue


def misused(words: list[str]) -> str | None:
    """What is wrong with a call, by the names of commands and options alone."""
    command: click.Command = contents(Texts("en"))
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        context = click.Context(command)
        found = command.get_command(context, rest[0]) if rest[0] in command.list_commands(context) else None
        if found is None:
            return f"{' '.join(words)}: no command {rest[0]!r}"
        command, rest = found, rest[1:]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help", "-h"}
    unknown = [word for word in rest if word.startswith("--") and word.partition("=")[0] not in options]
    return f"{' '.join(words)}: no option {unknown[0]!r}" if unknown else None


def calls(page: Path) -> list[list[str]]:
    scripts = [*blocks(page, "sh", "sh run", "sh tour"), *CODE.findall(prose(page))]
    return [words for script in scripts for words in words_of(script)]


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_call_of_the_command_line_is_a_command_with_its_options(page: Path) -> None:
    assert [found for words in calls(page) if (found := misused(words))] == []


def test_calls_are_found_at_all() -> None:
    assert len(calls(ROOT / "README.md")) >= 12


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_in_json_exists(page: Path) -> None:
    for name in re.findall(r'\\?"command\\?": \\?"(\w+)', page.read_text("utf-8")):
        assert name in BY_NAME, name


@pytest.fixture(scope="module")
def vocabulary() -> frozenset[str]:
    """Every word of the source, its catalogues included."""
    words: set[str] = set()
    for kind in ("py", "toml"):
        for path in SOURCE.rglob(f"*.{kind}"):
            words.update(re.findall(r"\w+", path.read_text("utf-8")))
    return frozenset(words)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_act_command_or_function_in_code_letters_exists(page: Path, vocabulary: frozenset[str]) -> None:
    names = {name for name in CODE.findall(prose(page)) if re.fullmatch(r"[A-Z]\w*[a-z]\w*|[a-z]+_[a-z_]+", name)}
    assert sorted(name for name in names - vocabulary - ONLY_EXAMPLES if not name.startswith("test_")) == []


@pytest.fixture(scope="module")
def codes() -> frozenset[str]:
    """Fault codes, and the keys of texts: what may stand in code letters with dots between words."""
    faults = tomllib.loads((SOURCE / "catalogue" / "faults.toml").read_text("utf-8"))
    catalogue = (SOURCE / "locale" / "en" / "LC_MESSAGES" / "counterfoil.po").read_text("utf-8")
    findings = re.findall(r'"(verify\.\w+)"', (SOURCE / "application" / "verification.py").read_text("utf-8"))
    return frozenset([*faults, *re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE), *findings, "verify.balance"])


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_fault_code_that_is_named_exists(page: Path, codes: frozenset[str]) -> None:
    families = {code.partition(".")[0] for code in codes}
    named = {
        name
        for name in CODE.findall(prose(page))
        if NAMED_FAULT.match(name) and name.partition(".")[0] in families and not NAMED_FILE.match(name)
    }
    assert sorted(named - codes - {"registry.pub", "registry.key", "office.db", "links.db", "trail.ndjson"}) == []


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_route_that_is_named_is_served(page: Path) -> None:
    served = {re.sub(r"\{[^}]*\}", "{}", path) for path in described()["paths"]}
    named = {re.sub(r"\{[^}]*\}", "{}", route.rstrip(".:")) for route in ROUTE.findall(page.read_text("utf-8"))}
    assert sorted(named - served - {"/api/v1/openapi.json"}) == []


def test_the_checks_of_this_file_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One two\n[a](b.md) [c](#one-two) [d](#three) `domain/units/nothing.py` `domain/units/serials.py`\n"
    )
    assert list(broken_links(page, page.read_text())) == ["b.md: no such file", "#three: no such heading"]
    assert list(missing_files(page, page.read_text())) == ["domain/units/nothing.py"]
    assert misused(["counterfoil", "shew", "x"])
    assert misused(["counterfoil", "report", "aef", "--yaer", "2025"])
    assert misused(["counterfoil", "report", "aef", "--year", "2025", "--json"]) is None
    assert [words[1] for words in words_of("a | counterfoil do || echo\nrefused counterfoil verify x")] == [
        "do",
        "verify",
    ]
    assert json.loads('{"command": "Found"}')["command"] in BY_NAME
