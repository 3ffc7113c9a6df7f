"""Which command is which guarded act: the words of a law, in the registry's own commands."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.command import Command
from counterfoil.application.commands import (
    abroad,
    adopt_pack,
    adopt_practice,
    attest,
    authorize,
    bring_in,
    cancel,
    change_authorization,
    close_case,
    complete_authorization,
    consent,
    contribute,
    convert,
    correct,
    declare_units,
    hold,
    import_units,
    issue,
    link,
    offer_units,
    open_account,
    propose_activity,
    record_agreement,
    record_kyc,
    recover,
    reduce_authorization,
    register,
    reissue,
    renew_activity,
    request_transfer,
    rotate_key,
    set_witness_policy,
    settle_trade,
    suspend_account,
    transfer,
    trust_account,
    use,
)
from counterfoil.domain.compliance.surrender import AccountingEffect
from counterfoil.domain.policy.kinds.four_eyes import GuardedAct
from counterfoil.domain.policy.stages import Stage

GUARDED: Final[Mapping[type[Command], GuardedAct]] = MappingProxyType(
    {
        register.RegisterActivity: GuardedAct.REGISTER,
        renew_activity.RenewActivity: GuardedAct.REGISTER,
        authorize.Authorize: GuardedAct.AUTHORIZE,
        change_authorization.ChangeAuthorization: GuardedAct.AUTHORIZE,
        change_authorization.RevokeAuthorization: GuardedAct.AUTHORIZE,
        complete_authorization.CompleteAuthorization: GuardedAct.AUTHORIZE,
        complete_authorization.ConfirmQuantity: GuardedAct.AUTHORIZE,
        reduce_authorization.ReduceAuthorization: GuardedAct.AUTHORIZE,
        issue.AuthorizeUnits: GuardedAct.AUTHORIZE,
        record_agreement.RecordUsingAuthorization: GuardedAct.AUTHORIZE,
        issue.Issue: GuardedAct.ISSUE,
        reissue.Reissue: GuardedAct.ISSUE,
        import_units.ImportIssuance: GuardedAct.ISSUE,
        # Its rows are bound to it by their digests, so who agrees to it agrees to each of them.
        bring_in.AnnounceOpening: GuardedAct.ISSUE,
        convert.Convert: GuardedAct.CONVERT,
        reissue.LabelUnits: GuardedAct.CONVERT,
        transfer.Transfer: GuardedAct.TRANSFER,
        settle_trade.SettleTrade: GuardedAct.TRANSFER,
        offer_units.OfferUnits: GuardedAct.TRANSFER,
        abroad.ProposeTransfer: GuardedAct.FIRST_TRANSFER,
        # The other side of the same transfer: where its proposal needs two persons, its consent does.
        consent.ConsentToTransfer: GuardedAct.FIRST_TRANSFER,
        use.UseTowardsNdc: GuardedAct.USE,
        cancel.Cancel: GuardedAct.CANCEL,
        cancel.Retire: GuardedAct.CANCEL,
        contribute.ContributeToAdaptationFund: GuardedAct.CANCEL,
        import_units.ImportCancellation: GuardedAct.CANCEL,
        declare_units.DeclareUnits: GuardedAct.SURRENDER,
        open_account.OpenAccount: GuardedAct.ACCOUNT_OPENING,
        record_kyc.RecordKyc: GuardedAct.ACCOUNT_OPENING,
        request_transfer.RequestTransfer: GuardedAct.TRANSFER,
        trust_account.TrustAccount: GuardedAct.TRUSTED_LIST,
        suspend_account.SuspendAccount: GuardedAct.HOLD,
        suspend_account.ResumeAccount: GuardedAct.HOLD,
        suspend_account.CloseAccount: GuardedAct.HOLD,
        suspend_account.MoveFromCustody: GuardedAct.HOLD,
        adopt_practice.AdoptPractice: GuardedAct.ADOPT_PACK,
        hold.PlaceHold: GuardedAct.HOLD,
        hold.ReleaseHold: GuardedAct.HOLD,
        correct.Correct: GuardedAct.CORRECT,
        close_case.CloseCase: GuardedAct.CORRECT,
        recover.EndRecovery: GuardedAct.PARTNER,
        adopt_pack.AdoptPack: GuardedAct.ADOPT_PACK,
        link.LinkPartner: GuardedAct.PARTNER,
        link.ChangeLink: GuardedAct.PARTNER,
        rotate_key.RotateKey: GuardedAct.SETTINGS,
        rotate_key.ConfirmKey: GuardedAct.SETTINGS,
        set_witness_policy.SetWitnessPolicy: GuardedAct.SETTINGS,
        attest.SetAuthorizationRules: GuardedAct.SETTINGS,
    }
)
"""A command that is not named here is never guarded: it grants no letter, unit, account or trust. It moves only units
that a guarded act has let go: what was requested is executed, what was offered accepted, what was proposed settled."""

EFFECTS: Final[Mapping[AccountingEffect, GuardedAct]] = MappingProxyType(
    {effect: GuardedAct.USE if effect is AccountingEffect.NDC else GuardedAct.CANCEL for effect in AccountingEffect}
)


def guarded_as(command: Command) -> tuple[GuardedAct, ...]:
    """The acts under which a law guards a command. A declaration of units is also what it does to them.

    Of the steps of an activity, the one that registers it is guarded, as registration in one step is.
    """
    if isinstance(command, propose_activity.AdvanceActivity):
        return (GuardedAct.REGISTER,) if command.stage is Stage.REGISTERED else ()
    act = GUARDED.get(type(command))
    if act is None:
        return ()
    return (act, EFFECTS[command.effect]) if isinstance(command, declare_units.DeclareUnits) else (act,)
