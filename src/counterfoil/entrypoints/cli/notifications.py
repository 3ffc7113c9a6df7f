"""`notifications`: what goes out, what was set aside, and whether the configured ways work."""

from typing import TYPE_CHECKING, Any

import click

from counterfoil.entrypoints.cli.contents import Build, Command, Contents, Desk
from counterfoil.entrypoints.cli.screen import OK
from counterfoil.entrypoints.cli.usage import OneOf, Whole
from counterfoil.entrypoints.language import Texts

if TYPE_CHECKING:
    from counterfoil.application.notices.ports import Delivery

STATES = ("waiting", "done", "dead", "dropped")


def command(texts: Texts) -> Contents:
    builds: dict[str, Build] = {"list": _list, "retry": _retry, "test": _test}
    return Contents(texts, "cli.notifications", {"cli.commands": tuple(builds)}, builds.__getitem__)


def _list(texts: Texts) -> Command:
    state = click.Option(["--state"], type=OneOf(*STATES), default="dead")
    after = click.Option(["--after"], type=Whole(0), default=0)
    return Command(texts, "cli.notifications.list", run_list, [state, after])


def _retry(texts: Texts) -> Command:
    return Command(
        texts, "cli.notifications.retry", run_retry, [click.Argument(["number"], type=Whole(1), metavar="NUMBER")]
    )


def _test(texts: Texts) -> Command:
    return Command(
        texts,
        "cli.notifications.test",
        run_test,
        [click.Option(["--mail"], metavar="MAIL"), click.Option(["--webhook"], metavar="NAME")],
    )


def run_list(desk: Desk, *, state: str, after: int) -> int:
    """Deliveries of one state; the dead ones wait for a hand."""
    from counterfoil.application.notices.ports import DeliveryState
    from counterfoil.entrypoints.cli.office_at_work import ROWS_MAX, office_at_work, show_rows
    from counterfoil.entrypoints.postman import outbox_of

    with office_at_work(desk.directory) as office:
        found = outbox_of(office).listed(DeliveryState(state), after=after, limit=ROWS_MAX)
    show_rows(desk, [_row(each) for each in found], "cli.notifications.list.nothing")
    return OK


def run_retry(desk: Desk, *, number: int) -> int:
    """Let the worker try again what was set aside."""
    from counterfoil.application.notices.delivering import retry
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.postman import notice_desk

    with office_at_work(desk.directory) as office:
        again = told(retry(notice_desk(desk.directory, office), number, actor="local"))
    if desk.screen.as_json:
        desk.screen.json(_row(again))
    desk.screen.say("cli.notifications.retry.done", number=number)
    return OK


def run_test(desk: Desk, *, mail: str | None, webhook: str | None) -> int:
    """Send a test now, to the mail address or the webhook that is named. Nothing of it is kept."""
    from counterfoil.application.notices.delivering import trial_letter, trial_webhook
    from counterfoil.entrypoints.cli.office_at_work import office_at_work
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.postman import notice_desk

    sent: list[str] = []
    with office_at_work(desk.directory) as office:
        notices = notice_desk(desk.directory, office)
        if mail is not None or webhook is None:
            sent.append(told(trial_letter(notices, mail or "")))
        if webhook is not None:
            sent.append(told(trial_webhook(notices, webhook)))
    if desk.screen.as_json:
        desk.screen.json({"sent": sent})
    for each in sent:
        desk.screen.say("cli.notifications.test.done", target=each)
    return OK


def _row(delivery: "Delivery") -> dict[str, Any]:
    from counterfoil.entrypoints.cli.office_at_work import moment

    return {
        "number": delivery.number,
        "notice": delivery.notice.key,
        "sort": delivery.notice.sort,
        "subject": delivery.notice.subject,
        "channel": delivery.channel.value,
        "target": delivery.target,
        "state": delivery.state.value,
        "tries": delivery.tries,
        "next": moment(delivery.next_ms),
        "detail": delivery.detail,
    }
