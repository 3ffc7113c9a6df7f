"""Agreements between jurisdictions, and which of them let units cross. A memorandum of understanding does not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from counterfoil.domain.policy.applying import Kind
from counterfoil.domain.policy.asked import Act, Asked
from counterfoil.domain.policy.clause import Clause
from counterfoil.domain.policy.content import CODE, Names
from counterfoil.domain.policy.law import Law
from counterfoil.domain.policy.ruling import Ruling, allowed, asks, refused

WITHOUT_PARTNER: Final = frozenset({"IMP", "OP"})
"""Purposes for which units leave the NDC of the host without another Party."""


class AgreementFault(StrEnum):
    NONE = "policy.agreement.none"
    DOES_NOT_PERMIT = "policy.agreement.does_not_permit"


class Form(StrEnum):
    """What was agreed. Only the first three permit transfer."""

    IA = "IA"
    """Implementation agreement under Article 6.2."""
    TREATY = "TREATY"
    """Bilateral treaty that authorises transfer."""
    JCM = "JCM"
    """Joint Crediting Mechanism."""
    MOU = "MOU"
    MRA = "MRA"
    """Mutual recognition; recognition rules say what it does."""
    CONTRIB = "CONTRIB"
    """Results payment, without a claim."""
    INTENT = "INTENT"
    TALKS = "TALKS"
    COOPERATION = "COOPERATION"


TRANSFERRING: Final = frozenset({Form.IA, Form.TREATY, Form.JCM})


@dataclass(frozen=True, slots=True)
class AgreementRule:
    """One edge from this jurisdiction. Its first day is the rule's; `signed` may be earlier."""

    partners: Annotated[tuple[str, ...], Names(CODE)]
    form: Form = Form.TALKS
    signed: date | None = None


def decide(clauses: Sequence[Clause], asked: Asked, law: Law, on: date) -> Iterator[Ruling]:
    """Units cross to or from another jurisdiction only under an agreement in force that permits it."""
    if not law.jurisdiction or asked.word("purpose") in WITHOUT_PARTNER:
        return
    if asked.missing("partner"):
        if asked.act is not Act.AUTHORIZE:
            yield asks("agreement", clauses[0].basis if clauses else law.silence(on), ("partner",))
        return
    partner = asked.word("partner")
    if partner == law.jurisdiction:
        return
    edges = [clause for clause in clauses if partner in clause.content.partners]
    permitting = [clause for clause in edges if clause.content.form in TRANSFERRING]
    if permitting:
        yield allowed("agreement", permitting[0].basis)
    elif edges:
        forms = ", ".join(clause.content.form.value for clause in edges)
        facts = {"partner": partner, "forms": forms}
        yield refused("agreement", edges[0].basis, AgreementFault.DOES_NOT_PERMIT, {**facts})
    else:
        yield refused("agreement", law.silence(on), AgreementFault.NONE, {"partner": partner})


AGREEMENT: Final = Kind("agreement", AgreementRule, frozenset({Act.AUTHORIZE, Act.FIRST_TRANSFER, Act.ACQUIRE}), decide)
