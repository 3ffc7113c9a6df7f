"""Tests: seven kinds, one folder each; see CONTRIBUTING.md."""
