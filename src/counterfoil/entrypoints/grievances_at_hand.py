"""The desk at which grievances are taken, wired from a registry's office and writer."""

from counterfoil.application.commands.file_grievance import FileGrievance
from counterfoil.application.driver import Driver
from counterfoil.application.office.grievances import LetterDesk
from counterfoil.application.office.ports import Office
from counterfoil.application.ports import Outage
from counterfoil.application.receipt import Receipt
from counterfoil.application.writer import Submission
from counterfoil.domain.kernel.refusal import Refusal
from counterfoil.entrypoints.office_at_hand import OfficeAtHand


def letter_desk(at_hand: OfficeAtHand, office: Office, driver: Driver) -> LetterDesk:
    """The desk of an open office. No guard stands before the writer: the door has asked, or everybody may."""

    def file(command: FileGrievance, by: str) -> Receipt | Refusal:
        (outcome,) = driver.do([Submission(command, by)])
        if isinstance(outcome, Outage):
            raise outcome
        return outcome

    return LetterDesk(office, at_hand.grievance_letters(), file)
