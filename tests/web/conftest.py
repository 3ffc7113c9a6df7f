"""A small registry for the tests of pages: the one that the tests of the API ask."""

from tests.http.conftest import anyio_backend, folder

__all__ = ["anyio_backend", "folder"]
