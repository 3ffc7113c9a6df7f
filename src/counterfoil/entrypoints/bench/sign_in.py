"""What a sign-in costs beside its hash: the same password hashed alone, and with everything around it."""

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyotp

from counterfoil.adapters.clock.pinned import PinnedClock
from counterfoil.adapters.office.passwords import Argon2Passwords
from counterfoil.application.office import enrolment, sign_in
from counterfoil.application.office.invitations import Invited, invite_administrator
from counterfoil.application.office.sessions import SignedIn, bearer
from counterfoil.application.office.sign_in import Device, Halfway
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.bench.report import Report
from counterfoil.entrypoints.office_at_hand import OfficeAtHand

ROUNDS: Final = 20
_BEGIN_MS: Final = 1_780_000_000_000
_HALF_HOUR_MS: Final = 1_800_000
_PASSWORD: Final = "seven grey herons stand"  # noqa: S105  of a person who lives for this measurement


@dataclass(frozen=True, slots=True)
class SignInCost:
    """Medians, in microseconds: the hash alone, a whole sign-in by password and phone, and telling a session."""

    hash_us: int
    sign_in_us: int
    session_us: int

    @property
    def beside_us(self) -> int:
        """Everything but the hash: two attempts counted, two steps, one session, and the trail, each durable."""
        return self.sign_in_us - self.hash_us


def sign_in_cost(rounds: int = ROUNDS, *, passwords: Argon2Passwords | None = None) -> SignInCost:
    """Measure it in an office of its own, which is gone afterwards. `passwords` is for tests."""
    hasher, clock = passwords or Argon2Passwords(), PinnedClock(_BEGIN_MS)
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as folder:
        at_hand = OfficeAtHand(Path(folder), clock=clock, passwords=hasher)
        try:
            return _measured(at_hand, clock, hasher, rounds)
        finally:
            at_hand.close()


def signed_in(report: Report, *, times: int = ROUNDS) -> None:
    """A sign-in beside its hash alone, in milliseconds."""
    cost = sign_in_cost(times)
    report.figures["sign_in_ms"] = round(cost.sign_in_us / 1_000, 2)
    report.figures["sign_in_beside_hash_ms"] = round(cost.beside_us / 1_000, 2)
    report.figures["session_told_ms"] = round(cost.session_us / 1_000, 3)
    report.baselines["password_hash_ms"] = round(cost.hash_us / 1_000, 2)


def _measured(at_hand: OfficeAtHand, clock: PinnedClock, hasher: Argon2Passwords, rounds: int) -> SignInCost:
    office = at_hand.office(create=True)
    assert office is not None
    invited = invite_administrator(office, name="Bench", mail="bench@example.org")
    assert isinstance(invited, Invited)
    opened = enrolment.open_invitation(office, invited.secret)
    assert not isinstance(opened, Refusal)
    phone, device, kept = pyotp.TOTP(opened.totp), Device(), hasher.made(_PASSWORD)
    enrolment.enrol(office, invited.secret, password=_PASSWORD, code=phone.at(clock.now_ms() // 1000), device=device)
    hashes, whole, sessions = [], [], []
    for _ in range(rounds):
        clock.move_to(clock.now_ms() + _HALF_HOUR_MS)
        began = time.perf_counter_ns()
        hasher.matches(kept, _PASSWORD)
        hashed = time.perf_counter_ns()
        step = sign_in.with_password(office, mail="bench@example.org", password=_PASSWORD, device=device)
        assert isinstance(step, Halfway)
        code = phone.at(clock.now_ms() // 1000)
        found = sign_in.with_code(office, step=step.secret, code=code, device=device)
        done = time.perf_counter_ns()
        assert isinstance(found, SignedIn) and bearer(office, found.secret) is not None
        hashes.append(hashed - began)
        whole.append(done - hashed)
        sessions.append(time.perf_counter_ns() - done)
    return SignInCost(*(round(statistics.median(times) / 1_000) for times in (hashes, whole, sessions)))
