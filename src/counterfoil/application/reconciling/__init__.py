"""Reconciliation with partners: comparing the books, cases about what differs, and watching the partner's log."""
