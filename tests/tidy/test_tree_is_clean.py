"""The tree names no machine, every promise of later work names an issue, and the locks can be trusted."""

import re
import tomllib

import pytest

from tests.tidy.tree import ROOT, no_findings, place, text_files

# This file holds the patterns and bad samples, so it is excused by name below.
MACHINE_PATHS = re.compile(r"(?<![\w.$}/])/(?:root|Users|private|tmp|mnt)/\w|(?<![\w.$}/])/home/\w|[A-Z]:\\Users\\")
REGISTRY_HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.python\.org|registry\.npmjs|proxy\.golang|index\.crates", re.I
)
UNTRACED = re.compile(r"\b(?:TODO|FIXME)\b(?!\(#\d+\))")
DATA_BESIDE = re.compile(r"\.\./shared")
MAY_NAME_DATA_BESIDE = frozenset({"Makefile", ".ci/run"})
LOCK_OPTION = re.compile(r"^\s*(?:-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host|-e)\b|file:/|https?:")
NAMES_PATTERNS = frozenset({"tests/tidy/test_tree_is_clean.py", "LICENSE"})


def line_findings(name: str, number: int, line: str) -> list[str]:
    here = f"{name}:{number}"
    findings = []
    if MACHINE_PATHS.search(line):
        findings.append(
            f"{here}: names a path of one machine. Take the folder as an option, or write it relative to the tree."
        )
    if REGISTRY_HOSTS.search(line):
        findings.append(
            f"{here}: names a package registry's host. Say 'the package registry'; each machine chooses its own."
        )
    if UNTRACED.search(line):
        findings.append(f"{here}: a promise without an issue. Write it as TODO(#12), or do it now.")
    if DATA_BESIDE.search(line) and name not in MAY_NAME_DATA_BESIDE:
        findings.append(f"{here}: names the data folder beside the tree. Read COUNTERFOIL_DATA instead.")
    return findings


def lock_findings(name: str, text: str) -> list[str]:
    """A lock says, for each package, one exact version and at least one hash, and nothing about where to get it."""
    findings = [
        f"{name}:{n}: names a source. Run make lock."
        for n, line in enumerate(text.splitlines(), 1)
        if LOCK_OPTION.search(line)
    ]
    entries = re.split(
        r"\n(?=[A-Za-z0-9])", "\n" + "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    )
    for entry in entries:
        if not (stripped := entry.strip()):
            continue
        first = stripped.splitlines()[0].rstrip("\\ ")
        if not re.match(r"[A-Za-z0-9._-]+==[^\s;]+(\s*;.*)?$", first) or "--hash=sha256:" not in entry:
            findings.append(f"{name}: {first!r} has no exact version or no hash. Run make lock.")
    return findings


def packages(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.M))


def normal(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", match.group()).lower() if match else ""


def test_no_file_names_a_machine_a_registry_host_or_a_promise_without_an_issue() -> None:
    no_findings(
        [
            finding
            for path, text in text_files()
            if (name := place(path)) not in NAMES_PATTERNS
            for number, line in enumerate(text.splitlines(), 1)
            for finding in line_findings(name, number, line)
        ]
    )


@pytest.mark.parametrize("name", ["runtime", "postgres", "test", "dev"])
def test_a_lock_holds_exact_versions_with_hashes_and_no_source(name: str) -> None:
    no_findings(lock_findings(f"requirements/{name}.txt", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")))


def test_the_locks_agree_with_each_other_and_with_the_package() -> None:
    locks = {
        name: packages((ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))
        for name in ("runtime", "test", "dev")
    }
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    direct = (ROOT / "requirements" / "runtime.in").read_text("utf-8").splitlines()
    assert {normal(line) for line in direct if line and not line.startswith("#")} == {normal(each) for each in declared}
    assert {normal(each) for each in declared} <= {normal(name) for name in locks["runtime"]}
    assert locks["runtime"].items() <= locks["test"].items() <= locks["dev"].items()


@pytest.mark.parametrize(
    "bad",
    [
        "see /mnt/notes.txt",
        "data = '/root/data'",
        "open('/tmp/x')",
        "/home/mei/counterfoil",
        "pip install -i https://" + "pypi" + ".org/simple x",
        "# TODO: later",
        "# FIXME handle zero",
        "folder = '../shared/data'",
    ],
)
def test_a_bad_line_is_found(bad: str) -> None:
    assert line_findings("src/counterfoil/sample.py", 1, bad)


@pytest.mark.parametrize(
    "good",
    [
        "# TODO(#12): the second engine",
        "GET /activities/XA-0042",
        "https://unfccc.int/mnt/x",
        "var/demo/CHE",
        "home/mnt",
    ],
)
def test_a_good_line_passes(good: str) -> None:
    assert not line_findings("src/counterfoil/sample.py", 1, good)


def test_a_bad_lock_is_found() -> None:
    first = "anyio==4.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via httpx\n"
    good = first + "h11==0.16.0 \\\n    --hash=sha256:cc\n"
    assert not lock_findings("x.txt", good)
    assert lock_findings("x.txt", good.replace("==4.1", ">=4.1"))
    assert lock_findings("x.txt", "anyio==4.1\n")
    assert lock_findings("x.txt", "--find-links wheels\n" + good)
    assert lock_findings("x.txt", "--index-url https://example.org\n" + good)
