"""Facts as a command line says them: `FACT=VALUE`, each once."""

from collections.abc import Sequence

from counterfoil.entrypoints.cli.usage import Misused, UsageFault

SHOWN_MAX = 60


def facts_said(words: Sequence[str]) -> dict[str, str]:
    """The facts by name. One that is said twice is refused, because the law would hear only one of the answers."""
    from counterfoil.domain.kernel.refusal import Refusal

    said: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if name in said:
            raise Misused(Refusal(UsageFault.FACT_TWICE, {"fact": name[:SHOWN_MAX]}))
        said[name] = value
    return said
