"""The command line, for the tests that go through it."""

from tests.cli.conftest import counterfoil

__all__ = ["counterfoil"]
