"""One-time codes of a phone (TOTP): six digits, thirty seconds, one step to either side.

Source: RFC 6238 sections 4 and 5.2 (a code is taken once).
"""

import hmac
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
WINDOW: Final = 1
"""Steps before and after the present one, for clocks that go wrong by half a minute."""
_DIGITS: Final = 6


class TotpCodes:
    __slots__ = ()

    def secret(self) -> str:
        """160 random bits, in base 32."""
        return pyotp.random_base32()

    def address(self, secret: str, *, account: str, issuer: str) -> str:
        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)

    def step(self, secret: str, code: str, *, now_ms: int, after: int) -> int | None:
        if len(code) != _DIGITS or not code.isascii() or not code.isdecimal():
            return None
        now, totp = now_ms // 1000 // STEP_SECONDS, pyotp.TOTP(secret)
        # Every step is compared, so that the time does not tell which one it was.
        good = [
            step for step in range(now - WINDOW, now + WINDOW + 1) if hmac.compare_digest(totp.generate_otp(step), code)
        ]
        return next((step for step in good if step > after), None)
