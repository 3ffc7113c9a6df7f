"""Failures counted before the work is done: a hundred guesses at once are a hundred guesses.

Source: domain/people/lockout.py.
"""

from counterfoil.application.office.fault import OfficeFault
from counterfoil.application.office.ports import Attempts, Office
from counterfoil.application.office.secret import throttle_key
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.domain.people.lockout import ACCOUNT, ADDRESS, FORGOTTEN_MS, Lockout


def take_attempt(office: Office, *, account: str, address: str) -> Refusal | None:
    """Count one attempt as failed until it succeeds, or refuse it: `sign_in.wait`, whether or not there is an account.

    Args:
        account: A mail address; empty where none is known yet.
        address: From where it comes; empty where that says nothing, such as behind a proxy that was not named.

    Raises:
        Outage: the file cannot be written.
    """
    store, now, pepper = office.store, office.clock.now_ms(), office.store.pepper()
    keys = []
    if account:
        keys.append((throttle_key(pepper, "account", account), ACCOUNT))
    if address:
        keys.append((throttle_key(pepper, "address", address), ADDRESS))
    with store.change():
        store.throttle.forget_before(now - FORGOTTEN_MS)
        counts = [(key, rule, store.throttle.get(key)) for key, rule in keys]
        wait_ms = max((_left(rule, count, now) for _, rule, count in counts), default=0)
        if wait_ms > 0:
            return Refusal(OfficeFault.SIGN_IN_WAIT, {"seconds": -(-wait_ms // 1000)})
        for key, _, count in counts:
            store.throttle.put(key, Attempts(count.failures + 1, now))
    return None


def forgive(office: Office, *, account: str, address: str) -> None:
    """Inside a change: forget the failures of an account that has signed in, and this attempt of its address."""
    store, pepper = office.store, office.store.pepper()
    store.throttle.forget(throttle_key(pepper, "account", account))
    if address:
        key = throttle_key(pepper, "address", address)
        count = store.throttle.get(key)
        # A password and a code were two attempts. Others' failures at this address stay counted.
        store.throttle.put(key, Attempts(max(count.failures - 2, 0), count.last_ms))


def _left(rule: Lockout, count: Attempts, now: int) -> int:
    wait = rule.wait_ms(count.failures)
    # A clock that was set back never makes a wait longer than the rule says.
    return min(wait, count.last_ms + wait - now) if wait else 0
