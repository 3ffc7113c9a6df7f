"""Fixtures of the command line, for whoever asks the installation through it."""

from tests.cli.conftest import _english, counterfoil  # noqa: F401  fixtures are found by their names here
