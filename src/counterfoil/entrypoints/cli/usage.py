"""Wrong usage of the command line: typed values that complain by code, and click's complaints as faults."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

import click

from counterfoil.domain.kernel.refusal import Refusal

WHOLE_MAX: Final = 2**63 - 1
_SHOWN_MAX: Final = 80
_NEAREST_MAX: Final = 6
"""Words that are offered in place of one that is not known: more would hide the right one."""


class UsageFault(StrEnum):
    COMMAND_UNKNOWN = "usage.command_unknown"
    OPTION_UNKNOWN = "usage.option_unknown"
    OPTION_MISSING = "usage.option_missing"
    VALUE_MISSING = "usage.value_missing"
    VALUE_UNEXPECTED = "usage.value_unexpected"
    ARGUMENT_EXTRA = "usage.argument_extra"
    NOT_A_NUMBER = "usage.not_a_number"
    NOT_A_DAY = "usage.not_a_day"
    NOT_A_PERIOD = "usage.not_a_period"
    NOT_ONE_OF = "usage.not_one_of"
    FACT_TWICE = "usage.fact_twice"
    UNREADABLE = "usage.unreadable"


class Misused(click.UsageError):
    """Wrong usage that already has its code."""

    def __init__(self, refusal: Refusal, ctx: click.Context | None = None) -> None:
        super().__init__(str(refusal.code), ctx)
        self.refusal = refusal


class Whole(click.ParamType[int]):
    """A whole number between two bounds."""

    name = "NUMBER"

    def __init__(self, least: int = 0, most: int = WHOLE_MAX) -> None:
        self._least = least
        self._most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        if re.fullmatch(r"-?[0-9]{1,19}", text) and self._least <= int(text) <= self._most:
            return int(text)
        bounds = {"least": self._least, "most": self._most}
        raise Misused(Refusal(UsageFault.NOT_A_NUMBER, {**_invalid(param, text), **bounds}), ctx)


class Day(click.ParamType[date]):
    """A day as ISO 8601 writes it."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise Misused(Refusal(UsageFault.NOT_A_DAY, _invalid(param, value)), ctx)


class Years(click.ParamType[tuple[int, int]]):
    """A period of calendar years, both ends included."""

    name = "YYYY-YYYY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"([0-9]{4})-([0-9]{4})", value)
        if found is None or int(found[1]) > int(found[2]):
            raise Misused(Refusal(UsageFault.NOT_A_PERIOD, _invalid(param, value)), ctx)
        return int(found[1]), int(found[2])


class OneOf(click.ParamType[str]):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.name = "|".join(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.words:
            return str(value)
        facts = {**_invalid(param, str(value)), "words": ", ".join(self.words)}
        raise Misused(Refusal(UsageFault.NOT_ONE_OF, facts), ctx)


def _invalid(param: click.Parameter | None, value: str) -> dict[str, str]:
    return {"option": option_name(param), "value": value[:_SHOWN_MAX]}


def option_name(param: click.Parameter | None) -> str:
    """How a parameter is called in front of its user: `--party`, or `KEY` for an argument."""
    if param is None:
        return ""
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name.upper()


def misuse(error: click.UsageError) -> Refusal:
    """A complaint of the parser as a refusal with a code and texts in both languages."""
    match error:
        case Misused():
            return error.refusal
        case click.MissingParameter():
            return Refusal(UsageFault.OPTION_MISSING, {"option": option_name(error.param)})
        case click.NoSuchOption():
            option = error.option_name[:_SHOWN_MAX]
            return Refusal(
                UsageFault.OPTION_UNKNOWN, {"option": option, "near": nearest(option, options_of(error.ctx))}
            )
        case click.BadOptionUsage():
            code = UsageFault.VALUE_UNEXPECTED if "not take" in error.message else UsageFault.VALUE_MISSING
            return Refusal(code, {"option": error.option_name[:_SHOWN_MAX]})
        case _:
            return Refusal(UsageFault.UNREADABLE, {"detail": error.format_message()[:200]})


def options_of(ctx: click.Context | None) -> list[str]:
    """The options of the command that was called, by their long names."""
    params = [] if ctx is None else ctx.command.get_params(ctx)
    return [option_name(param) for param in params if isinstance(param, click.Option)]


def nearest(word: str, known: Sequence[str]) -> str:
    """What could have been meant: all of a few words, in their order; of many, those that look most alike."""
    if len(known) <= _NEAREST_MAX:
        return ", ".join(known)
    from difflib import get_close_matches  # only a mistake needs it

    return ", ".join(get_close_matches(word, known, n=_NEAREST_MAX, cutoff=0.0))
