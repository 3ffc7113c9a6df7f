"""One drawing of each kind with invented numbers, for the page that shows every part."""

from counterfoil.entrypoints.web.drawing.flows import Flow, sankey
from counterfoil.entrypoints.web.drawing.multiples import multiples
from counterfoil.entrypoints.web.drawing.years import Series, Words, bars, lines
from counterfoil.entrypoints.web.parts import Drawing
from counterfoil.entrypoints.web.visit import Visit


def samples(visit: Visit) -> tuple[Drawing, ...]:
    """Bars, stacked bars, lines, flows and small multiples."""
    t = visit.texts
    words = Words(t("cli.party_balance.year"), t("web.undetermined"), visit.wording.number)
    years = [str(year) for year in range(2021, 2027)]
    one = Series(t("web.balance.added"), [1_009, 1_916, 21_217, 28_500, 9_000, None])
    other = Series(t("web.balance.subtracted"), [0, -1_200, -4_000, -11_733, -30_000, -500])
    heads = (t("web.transfers.from"), t("web.transfers.to"), t("web.transfers.units"))
    flows = [Flow("A", "B", 51_633), Flow("A", "C", 1_009), Flow("D", "B", 11_733), Flow("E", "C", 86_564)]
    return (
        bars(t("web.design.bars"), years, [one, other], words),
        bars(t("web.design.stacked"), years, [one, other], words, stacked=True),
        lines(t("web.design.lines"), years, [one, other], words),
        sankey(t("web.design.flows"), flows, words, heads=heads),
        multiples(t("web.design.multiples"), years, [one, other, one], words),
    )
