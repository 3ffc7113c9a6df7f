"""What everybody at a desk works with: the acts, their receipts, proposals, tasks, drafts and saved views."""

from counterfoil.entrypoints.web.desk import acts, proposals, receipts, tasks, views
from counterfoil.entrypoints.web.page import PageRow


def rows() -> tuple[PageRow, ...]:
    return (*acts.rows(), *receipts.rows(), *proposals.rows(), *tasks.rows(), *views.rows())
