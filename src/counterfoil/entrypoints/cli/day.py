"""Today, for commands that are not told a day."""

from datetime import date


def today() -> date:
    """The day in UTC."""
    from datetime import UTC, datetime

    from counterfoil.adapters.clock.system import SystemClock

    return datetime.fromtimestamp(SystemClock().now_ms() // 1000, UTC).date()
