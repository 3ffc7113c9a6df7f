"""The command line and an issued registry, for the tests that go through them."""

from tests.cli.conftest import counterfoil, issued, registry

__all__ = ["counterfoil", "issued", "registry"]
