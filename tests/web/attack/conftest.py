"""The desk of officers that the attacks are made on."""

from tests.web.acts.conftest import anyio_backend, desk

__all__ = ["anyio_backend", "desk"]
