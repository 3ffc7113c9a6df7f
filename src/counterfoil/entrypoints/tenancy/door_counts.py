"""What the front door counts, section by section, since it was started."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class SectionCounts:
    """Requests of one section: in it now, answered by class of status, turned away, broken off; and seconds in all."""

    running: int = 0
    turned_away: int = 0
    broken: int = 0
    seconds: float = 0.0
    answered: dict[str, int] = field(default_factory=dict)

    def done(self, status: int, seconds: float) -> None:
        """One request has ended; `status` is 0 where no answer began."""
        self.seconds += seconds
        if status:
            sort = f"{status // 100}xx"
            self.answered[sort] = self.answered.get(sort, 0) + 1


class DoorCounts:
    """Counts by Party. Only sections of the installation are ever asked for, so there are no more than these."""

    def __init__(self) -> None:
        self.sections: dict[str, SectionCounts] = {}

    def of(self, party: str) -> SectionCounts:
        found = self.sections.get(party)
        if found is None:
            found = self.sections[party] = SectionCounts()
        return found
