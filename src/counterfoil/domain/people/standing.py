"""In what capacity somebody acts: a pseudonym, the organisation behind it, and the roles held there on that day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as the rules see one. The name and the mail address are the office's, and never come here.

    `person` is a random pseudonym (`P-` and eight letters or digits), the only thing of a person that the journal
    keeps. `organisation` is the number under which the body is registered as an entity; empty for a person of the
    registry's own operator. `kind` is the organisation's type, and `roles` are those held on the day, by their names
    in the permission table. `giver` is the pseudonym of who gave the mandate under which a deputy acts.
    """

    person: str
    organisation: str
    kind: str
    roles: frozenset[str]
    giver: str = ""

    @property
    def acting(self) -> str:
        """The pseudonym as the journal and the trail keep it."""
        return acting(self.person, self.giver)


def acting(person: str, giver: str) -> str:
    """A pseudonym as the journal and the trail keep it; a deputy's says in whose place.

    >>> acting("P-BBBBBBBB", ""), acting("P-BBBBBBBB", "P-AAAAAAAA")
    ('P-BBBBBBBB', 'P-BBBBBBBB@P-AAAAAAAA')
    """
    return f"{person}@{giver}" if giver else person
