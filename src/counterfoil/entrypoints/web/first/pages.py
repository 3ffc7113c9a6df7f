"""Every page of the first hour that the registry itself answers."""

from counterfoil.entrypoints.web.first import readiness, steps
from counterfoil.entrypoints.web.page import PageRow


def rows() -> tuple[PageRow, ...]:
    return (*readiness.rows(), *steps.rows())
