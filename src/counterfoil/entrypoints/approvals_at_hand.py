"""The desk at which acts are approved, wired from a registry's office, writer and gate."""

from counterfoil.application.driver import Driver
from counterfoil.application.office.approval_desk import ApprovalDesk
from counterfoil.application.office.ports import Office
from counterfoil.entrypoints.gate import Gate
from counterfoil.entrypoints.office_at_hand import OfficeAtHand
from counterfoil.entrypoints.proposal_register import WriterRegister


def approval_desk(at_hand: OfficeAtHand, office: Office, driver: Driver, gate: Gate) -> ApprovalDesk:
    """The desk of an open office."""
    return ApprovalDesk(office, at_hand.proposals(), WriterRegister(driver), gate.table.permissions, gate.demands)
