"""Tokens: a secret that is shown once, kept as a hash, and refused when it is revoked, expired or guessed."""

import json
import multiprocessing
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.application.ports import Outage
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.http.tokens import (
    NewToken,
    Scope,
    TokenTable,
    list_tokens,
    new_token,
    revoke_token,
    tokens_file,
)

NOON = PinnedClock(int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp()) * 1000)
LATER = PinnedClock(int(datetime(2026, 6, 2, 12, tzinfo=UTC).timestamp()) * 1000)


def made(directory: Path, name: str = "bank", **options: object) -> NewToken:
    token = new_token(directory, name=name, clock=NOON, **options)  # type: ignore[arg-type]
    assert isinstance(token, NewToken), token
    return token


def test_the_file_keeps_no_secret_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    token = made(tmp_path)
    secret = token.text.split("_", 2)[2]
    assert secret not in tokens_file(tmp_path).read_text()
    assert stat.S_IMODE(tokens_file(tmp_path).stat().st_mode) == 0o600
    assert len(secret) >= 43


def test_the_holder_of_a_token_is_known_by_its_text_alone(tmp_path: Path) -> None:
    one, two = made(tmp_path), made(tmp_path, "exchange")
    table = TokenTable(tmp_path, NOON)
    assert [found.name for each in (one, two) if (found := table.holder(each.text))] == ["bank", "exchange"]
    mixed = f"cf_bank_{two.text.split('_', 2)[2]}"
    for wrong in (
        "",
        "cf",
        "cf_bank",
        "cf_bank_",
        "cf__",
        mixed,
        one.text[:-1],
        one.text + "x",
        "xx" + one.text[2:],
        "é",
    ):
        assert table.holder(wrong) is None, wrong


@pytest.mark.parametrize(
    "scopes, allowed",
    [
        (["read"], {"read"}),
        (["write"], {"read", "write"}),
        (["admin"], {"read", "write", "admin"}),
        (["read", "write"], {"read", "write"}),
    ],
)
def test_a_wider_scope_includes_the_narrower(tmp_path: Path, scopes: list[str], allowed: set[str]) -> None:
    token = made(tmp_path, scopes=scopes).token
    assert {scope.value for scope in Scope if token.allows(scope)} == allowed


def test_a_token_ends_when_it_is_revoked_and_when_it_expires(tmp_path: Path) -> None:
    one, two = made(tmp_path), made(tmp_path, "brief", expires=datetime(2026, 6, 2, tzinfo=UTC))
    assert TokenTable(tmp_path, NOON).holder(two.text) is not None
    assert TokenTable(tmp_path, LATER).holder(two.text) is None
    first = revoke_token(tmp_path, "bank", clock=NOON)
    again = revoke_token(tmp_path, "bank", clock=LATER)
    assert first == again and not isinstance(first, Refusal) and first.revoked == "2026-06-01T12:00:00Z"
    assert TokenTable(tmp_path, NOON).holder(one.text) is None
    assert [token.name for token in list_tokens(tmp_path)] == ["bank", "brief"]


def test_a_token_made_while_the_server_runs_is_good_at_once(tmp_path: Path) -> None:
    table = TokenTable(tmp_path, NOON)
    assert table.holder("cf_bank_x") is None
    assert table.holder(made(tmp_path).text) is not None


@pytest.mark.parametrize(
    "options, code",
    [
        ({"name": "Bank"}, "token.name_unreadable"),
        ({"name": "a_b"}, "token.name_unreadable"),
        ({"name": ""}, "token.name_unreadable"),
        ({"name": "bank\n"}, "token.name_unreadable"),
        ({"name": "old", "scopes": []}, "token.scope_unknown"),
        ({"name": "old", "scopes": ["root"]}, "token.scope_unknown"),
        ({"name": "old", "expires": datetime(2026, 5, 1, tzinfo=UTC)}, "token.expires_in_the_past"),
        ({"name": "taken"}, "token.name_taken"),
    ],
)
def test_a_token_is_refused_when(tmp_path: Path, options: dict[str, object], code: str) -> None:
    made(tmp_path, "taken")
    refusal = new_token(tmp_path, clock=NOON, **options)  # type: ignore[arg-type]
    assert isinstance(refusal, Refusal) and refusal.code == code
    assert len(list_tokens(tmp_path)) == 1


def test_a_name_is_never_used_twice_even_after_revocation(tmp_path: Path) -> None:
    made(tmp_path)
    revoke_token(tmp_path, "bank", clock=NOON)
    refusal = new_token(tmp_path, name="bank", clock=NOON)
    assert isinstance(refusal, Refusal) and refusal.code == "token.name_taken"
    unknown = revoke_token(tmp_path, "nobody", clock=NOON)
    assert isinstance(unknown, Refusal) and unknown.code == "token.unknown"


@pytest.mark.parametrize("text", ["{", "[{}]", '[{"name":1}]', "\x00"])
def test_a_damaged_file_stops_instead_of_letting_anybody_in(tmp_path: Path, text: str) -> None:
    made(tmp_path)
    tokens_file(tmp_path).write_text(text)
    with pytest.raises(Outage) as outage:
        list_tokens(tmp_path)
    assert outage.value.code == "token.file_unreadable"


def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    made(tmp_path)
    tokens_file(tmp_path).chmod(0o644)
    with pytest.raises(Outage) as outage:
        list_tokens(tmp_path)
    assert outage.value.code == "token.file_too_open"


def _make(directory: str, number: int) -> None:
    new_token(Path(directory), name=f"n{number}")


def test_tokens_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_make, args=(str(tmp_path), number)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(token.name for token in list_tokens(tmp_path)) == [f"n{number}" for number in range(8)]
    assert len(json.loads(tokens_file(tmp_path).read_text())) == 8
