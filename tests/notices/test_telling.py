"""Who hears of what, once, in order, and what happens when a way out fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest

from counterfoil.application.commands.transfer import Transfer
from counterfoil.application.notices import delivering
from counterfoil.application.notices.audience import audience
from counterfoil.application.notices.following import follow_trail
from counterfoil.application.notices.notice_desk import DAY_MS, News, tell
from counterfoil.application.notices.ports import DeliveryState, MailWish, Preference
from counterfoil.application.notices.reminding import remind
from counterfoil.application.notices.wording import worded
from counterfoil.application.office import people, trail
from counterfoil.application.ports import Outage
from counterfoil.application.queries.sight import Sight
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.notice import TRIES_MAX, Offsets, in_force, next_try_ms, reminder
from counterfoil.entrypoints.bootstrap import Writable, open_for_reading, open_for_writing
from counterfoil.entrypoints.notice_practice import notice_practice, read_practice
from counterfoil.entrypoints.postman import work_once
from counterfoil.entrypoints.wire import command_of
from tests.http.desk import act, transfer
from tests.notices.post_room import ANNA, BELA, CARO, Room
from tests.office.stage import MINUTE, code_of


def transferred(room: Room, *serials: int) -> None:
    """Acts of the journal that touch the account of Caro's organisation."""
    opened = open_for_writing(room.folder, "test")
    assert isinstance(opened, Writable)
    with opened as writable:
        for serial in serials:
            command = command_of(transfer(serial, serial))
            assert isinstance(command, Transfer)
            act(writable, command)


def test_an_act_is_told_to_those_whose_account_it_touches_and_to_no_one_else(room: Room) -> None:
    room.work()
    transferred(room, 1, 2)
    room.work()
    assert room.sorts(CARO) == ["journal.entry", "journal.entry"]
    assert room.sorts(ANNA) == room.sorts(BELA) == []
    assert [letter.address for letter in room.box.letters] == ["p-cccccccc@example.org"] * 2
    assert len(room.hook.bodies) == 2
    room.work()
    assert len(room.box.letters) == 2


def test_what_was_in_the_journal_before_the_first_look_is_not_told(room: Room) -> None:
    transferred(room, 1)
    room.work()
    assert room.sorts(CARO) == []


def test_who_is_suspended_and_the_administrators_hear_of_it(room: Room) -> None:
    people.suspend(room.stage.office, BELA, actor=f"person:{ANNA}")
    room.work()
    assert room.sorts(ANNA) == room.sorts(BELA) == ["person.suspended"]
    assert room.sorts(CARO) == []


def test_a_taken_back_change_of_the_office_tells_nothing(room: Room) -> None:
    with pytest.raises(RuntimeError), room.stage.office.store.change():
        trail.write(room.stage.office, "local", "person.suspended", BELA)
        raise RuntimeError
    room.work()
    assert room.sorts(ANNA) == []


def test_an_erased_person_gets_no_mail_that_was_waiting(room: Room) -> None:
    room.box.failures = 1
    people.suspend(room.stage.office, BELA, actor="local")
    room.work()
    waiting = room.desk.outbox.listed(DeliveryState.WAITING, after=0, limit=10)
    assert len(waiting) == 1
    people.erase(room.stage.office, waiting[0].target, actor="local") if waiting[0].target == BELA else None
    people.erase(room.stage.office, BELA, actor="local")
    room.stage.later(10 * MINUTE)
    before = len(room.box.letters)
    room.work()
    assert all(letter.address != "p-bbbbbbbb@example.org" for letter in room.box.letters[before:])


def test_a_later_delivery_waits_for_the_earlier_one_of_its_subject(room: Room) -> None:
    room.work()
    transferred(room, 1, 2)
    room.hook.failures = 1
    room.work()
    # The first failed; the second is not sent before it.
    assert room.hook.bodies == []
    room.stage.later(MINUTE)
    room.work()
    entries = [body["key"] for body in room.hook.bodies]
    assert entries == sorted(entries) and len(entries) == 2


def test_a_delivery_that_always_fails_is_set_aside_and_tried_again_by_hand(room: Room) -> None:
    room.work()
    transferred(room, 1)
    room.hook.failures = TRIES_MAX
    for _ in range(TRIES_MAX):
        room.work()
        room.stage.later(DAY_MS)
    dead = room.desk.outbox.listed(DeliveryState.DEAD, after=0, limit=10)
    assert [each.tries for each in dead] == [TRIES_MAX] and room.hook.failures == 0
    room.work()
    assert room.hook.bodies == []
    again = delivering.retry(room.desk, dead[0].number, actor="local")
    assert not isinstance(again, Refusal)
    assert code_of(delivering.retry(room.desk, dead[0].number, actor="local")) == "notice.not_dead"
    room.work()
    assert len(room.hook.bodies) == 1
    assert code_of(delivering.retry(room.desk, 999, actor="local")) == "notice.unknown"


def test_daily_mail_is_collected_and_none_is_none_but_for_ones_own_way_in(room: Room) -> None:
    room.work()
    with room.stage.office.store.change():
        room.desk.outbox.prefer(CARO, Preference(MailWish.DAILY, "zh-Hant"))
    transferred(room, 1, 2)
    room.work()
    assert room.box.letters == []
    room.stage.later(DAY_MS)
    room.work()
    assert len(room.box.letters) == 1 and room.box.letters[0].title == "登錄系統之 2 則通知"
    with room.stage.office.store.change():
        room.desk.outbox.prefer(CARO, Preference(MailWish.NONE, "en"))
    transferred(room, 3)
    with room.stage.office.store.change():
        trail.write(room.stage.office, f"person:{CARO}", "password.changed", CARO)
    room.work()
    assert [letter.title for letter in room.box.letters[1:]] == ["Your password was changed"]
    assert room.sorts(CARO)[-2:] == ["password.changed", "journal.entry"]


def test_hostile_facts_stay_one_line_of_plain_text(room: Room) -> None:
    facts = {"subject": "<script>\r\nBcc: x@y.z {act}", "actor": "\u202eevil"}
    with room.stage.office.store.change():
        tell(room.desk, News("k", "person.suspended", "s", 0, dict(facts)), [ANNA])
    title, body = worded(room.desk, room.inbox(ANNA)[0].notice, "en")
    assert "\n" not in title + body and "\r" not in title and "\u202e" not in body
    assert "{act}" in title


class Interrupted(Exception):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(1, 30))
def test_an_end_at_any_statement_loses_nothing_and_makes_nothing_twice(
    room: Room, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.work()
    transferred(room, 1, 2)
    people.suspend(room.stage.office, BELA, actor="local")
    left = [step]
    from counterfoil.adapters.office.file import OfficeFile

    real, begun = OfficeFile.run, OfficeFile.change

    def run(self: OfficeFile, sql: str, values: object = ()) -> int:
        left[0] -= 1
        if not left[0]:
            raise Interrupted
        return real(self, sql, values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(OfficeFile, "run", run)
        try:
            room.work()
        except Interrupted:
            assert begun is OfficeFile.change
    room.stage.later(DAY_MS)
    room.work()
    assert room.sorts(CARO) == ["journal.entry"] * 2
    assert room.sorts(BELA) == ["person.suspended"]
    told = [body["key"] for body in room.hook.bodies]
    # At least once, in order: a repetition stands beside what it repeats.
    assert list(dict.fromkeys(told)) == sorted(set(told)) and len(set(told)) == 2
    assert told == sorted(told)


def test_reminders_come_once_for_their_day_and_overdue_ones_reach_the_administrator(room: Room) -> None:
    desk = replace(
        room.desk,
        practice=replace(room.desk.practice, offsets=(Offsets(date(2021, 1, 1), (30, 7, 0), (1,), "administrator"),)),
    )

    def look(day: date) -> int:
        room.stage.clock.move_to(_ms(day))
        with open_for_reading(room.folder) as readable:
            return remind(desk, Sight(readable.reading, readable.codec, readable.evidence))

    # The annual information of a year is due on 15 April of the next one.
    assert look(date(2026, 3, 15)) == 0
    assert look(date(2026, 3, 16)) == 1
    assert look(date(2026, 3, 17)) == 0
    assert room.sorts(BELA) == ["due.reminder"] and room.sorts(ANNA) == []
    assert look(date(2026, 4, 15)) == 1
    assert look(date(2026, 4, 20)) == 1
    assert room.sorts(ANNA) == ["due.overdue"]
    title, body = worded(room.desk, room.inbox(ANNA)[0].notice, "en")
    assert title == "Overdue since 2026-04-15: Annual information (AEF) for 2025" and "2/CMA.3" in body


def _ms(day: date) -> int:
    from datetime import UTC, datetime

    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def test_the_newest_offset_stands_and_none_before_the_first() -> None:
    practice = Offsets(date(2026, 1, 1), (30, 0), (1,), "administrator")
    due = date(2026, 6, 30)
    assert reminder(practice, due=due, on=date(2026, 5, 30)) is None
    first = reminder(practice, due=due, on=date(2026, 5, 31))
    assert first is not None and (first.offset, first.escalates) == (-30, False)
    on_it = reminder(practice, due=due, on=due)
    assert on_it is not None and (on_it.offset, on_it.escalates) == (0, False)
    after = reminder(practice, due=due, on=date(2026, 7, 1))
    assert after is not None and after.escalates
    assert in_force([practice], date(2025, 12, 31)) is None


def test_waits_double_up_to_a_bound_and_end() -> None:
    waits = [next_try_ms(tries) for tries in range(1, TRIES_MAX + 1)]
    assert waits[:3] == [60_000, 120_000, 240_000] and waits[-1] is None
    assert max(wait for wait in waits if wait is not None) == 6 * 60 * 60 * 1000


def test_only_one_worker_at_a_time_has_the_turn(room: Room) -> None:
    @contextmanager
    def within() -> Iterator[None]:
        with pytest.raises(Outage) as found:
            work_once(room.folder, room.desk)
        assert found.value.code == "notice.worker_busy"
        yield

    def again(letter: object) -> None:
        del letter
        with within():
            pass

    people.suspend(room.stage.office, BELA, actor="local")
    room.box.send = again  # type: ignore[method-assign]
    room.work()
    assert room.desk.outbox.listed(DeliveryState.DONE, after=0, limit=10)


def test_approvers_hear_of_a_proposal_and_its_initiator_does_not(room: Room) -> None:
    from counterfoil.adapters.office.proposals import SqliteProposals
    from counterfoil.adapters.office.store import SqliteOffice
    from counterfoil.application.office.proposal import Proposal, Signature

    store = room.stage.office.store
    assert isinstance(store, SqliteOffice)
    made = Proposal("Q-1", "OpenAccount", "{}", (Signature(BELA, ""),), 1, 2)
    with store.change():
        SqliteProposals(store.file).add(made)
    told = audience(room.desk, News("k", "proposal.made", "Q-1", 0, {"command": "OpenAccount"}))
    assert BELA not in told
    with store.change():
        from counterfoil.application.office.ports import Membership

        store.memberships.add(Membership(0, ANNA, "", "operator", "2026-01-01"))
    assert audience(room.desk, News("k", "proposal.made", "Q-1", 0, {"command": "OpenAccount"})) == {ANNA}
    assert audience(room.desk, News("k", "proposal.done", "Q-1", 0, {})) == {BELA}


def test_a_practice_that_names_an_unknown_audience_or_role_is_refused() -> None:
    bad = '[[reminders]]\nfrom = 2026-01-01\nbefore_days = []\nafter_days = []\nescalate_to = "{role}"\n'
    sort = '[sort.a]\nto = ["{to}"]\ntitle = {{ en = "a", zh-Hant = "甲" }}\nbody = {{ en = "a", zh-Hant = "甲" }}\n'
    assert read_practice(bad.format(role="administrator") + sort.format(to="subject")).sorts
    with pytest.raises(ValueError, match="role that does not exist"):
        read_practice(bad.format(role="king") + sort.format(to="subject"))
    with pytest.raises(ValueError, match="unknown"):
        read_practice(bad.format(role="administrator") + sort.format(to="role:king"))


def test_every_sort_fills_the_same_facts_in_both_languages() -> None:
    from string import Formatter

    for sort in notice_practice().sorts.values():
        for part in (sort.title, sort.body):
            names = [{name for _, name, _, _ in Formatter().parse(part[language])} for language in part]
            assert names[0] - {None} == names[1] - {None}, sort.name


def test_the_trail_is_followed_in_batches(room: Room) -> None:
    with room.stage.office.store.change():
        for _ in range(450):
            trail.write(room.stage.office, "local", "person.resumed", BELA)
    assert [follow_trail(room.desk) for _ in range(4)] == [200, 200, 50, 0]
    assert len(room.inbox(BELA)) == 200


def test_a_long_queue_about_one_account_is_sent_whole_in_one_run(room: Room) -> None:
    room.work()
    transferred(room, *range(1, 301))
    room.work()
    keys = [str(body["key"]) for body in room.hook.bodies]
    assert len(keys) == 300 and keys == sorted(keys, key=lambda key: int(key.partition(":")[2]))
    assert room.desk.outbox.listed(DeliveryState.WAITING, after=0, limit=9) == []
