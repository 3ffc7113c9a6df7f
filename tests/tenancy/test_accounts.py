"""Which of the system's accounts a process may run as."""

import getpass
import os
import pwd
from pathlib import Path

import pytest

from counterfoil.application.ports import Outage
from counterfoil.entrypoints.tenancy.adding import given
from counterfoil.entrypoints.tenancy.charge import as_user
from tests.tenancy.house import founded, installed

ROOT = os.geteuid() == 0


def other() -> pwd.struct_passwd:
    return next(each for each in pwd.getpwall() if each.pw_uid not in (0, os.geteuid()))


def test_no_account_and_ones_own_need_no_change() -> None:
    assert as_user("") is None
    assert as_user(getpass.getuser()) is None or ROOT


def test_an_account_that_is_not_there_is_an_outage() -> None:
    with pytest.raises(Outage) as outage:
        as_user("no-such-account")
    assert outage.value.code == "installation.user_unfit"


@pytest.mark.skipif(ROOT, reason="root may become anybody")
def test_who_is_not_root_becomes_nobody_else() -> None:
    with pytest.raises(Outage) as outage:
        as_user(other().pw_name)
    assert outage.value.code == "installation.user_unfit"


@pytest.mark.skipif(not ROOT, reason="only root can give a folder away")
def test_all_of_a_section_belongs_to_its_account(tmp_path: Path) -> None:
    account = other()
    assert as_user(account.pw_name) == account
    installation = installed(tmp_path / "hosted", "THA", THA={"user": account.pw_name})
    given(installation.sections[0])
    folder = installation.folder_of("THA")
    assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {account.pw_uid}


def test_a_section_without_an_account_is_left_as_it_is(tmp_path: Path) -> None:
    folder = founded(tmp_path / "THA", "THA").path
    installation = installed(tmp_path / "hosted", "GHA")
    given(installation.sections[0])
    assert folder.stat().st_uid == os.geteuid()
    assert installation.folder_of("GHA").stat().st_uid == os.geteuid()
