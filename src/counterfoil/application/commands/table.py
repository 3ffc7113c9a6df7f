"""Every command with its decision: the one table from which CLI and HTTP API are derived."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.command import Command, Decide
from counterfoil.application.commands import (
    abroad,
    acknowledge,
    acknowledge_submission,
    acquire,
    adopt_pack,
    attest,
    authorize,
    cancel,
    change_authorization,
    choose_method,
    complete_authorization,
    contribute,
    convert,
    correct,
    declare_units,
    distribute,
    file_liability,
    file_report,
    found,
    hold,
    import_submission,
    import_units,
    issue,
    list_units,
    monitor,
    objection,
    open_account,
    recognize,
    record_agreement,
    record_consistency_result,
    record_cost,
    record_decision,
    record_inventory,
    record_ndc,
    record_results_payment,
    record_statement,
    record_voluntary,
    reduce_authorization,
    register,
    reissue,
    review_report,
    rotate_key,
    set_quota,
    set_witness_policy,
    submit_aef,
    transfer,
    use,
)

COMMANDS: Final[Mapping[type[Command], Decide]] = MappingProxyType(
    {
        found.Found: found.found,
        adopt_pack.AdoptPack: adopt_pack.adopt_pack,
        open_account.OpenAccount: open_account.open_account,
        register.RegisterEntity: register.register_entity,
        register.LinkPartner: register.link_partner,
        register.RegisterCooperativeApproach: register.register_approach,
        register.RegisterActivity: register.register_activity,
        authorize.Authorize: authorize.authorize,
        change_authorization.ChangeAuthorization: change_authorization.change_authorization,
        change_authorization.RevokeAuthorization: change_authorization.revoke_authorization,
        complete_authorization.CompleteAuthorization: complete_authorization.complete_authorization,
        complete_authorization.ConfirmQuantity: complete_authorization.confirm_quantity,
        reduce_authorization.ReduceAuthorization: reduce_authorization.reduce_authorization,
        attest.AttestParticipation: attest.attest_participation,
        attest.SetAuthorizationRules: attest.set_authorization_rules,
        record_agreement.RecordAgreement: record_agreement.record_agreement,
        record_agreement.RecordUsingAuthorization: record_agreement.record_using_authorization,
        acknowledge.RecordAcknowledgement: acknowledge.record_acknowledgement,
        acknowledge.WithdrawAcknowledgement: acknowledge.withdraw_acknowledgement,
        contribute.ContributeToAdaptationFund: contribute.contribute_to_adaptation_fund,
        monitor.SubmitMonitoring: monitor.submit_monitoring,
        monitor.Verify: monitor.verify,
        issue.Issue: issue.issue,
        issue.AuthorizeUnits: issue.authorize_units,
        convert.Convert: convert.convert,
        reissue.Reissue: reissue.reissue,
        reissue.LabelUnits: reissue.label_units,
        list_units.ListUnits: list_units.list_units,
        distribute.Distribute: distribute.distribute,
        transfer.Transfer: transfer.transfer,
        abroad.ProposeTransfer: abroad.propose_transfer,
        abroad.SettleTransfer: abroad.settle_transfer,
        abroad.VoidTransfer: abroad.void_transfer,
        acquire.AcceptTransfer: acquire.accept_transfer,
        acquire.Acquire: acquire.acquire,
        acquire.DeclineTransfer: acquire.decline_transfer,
        acquire.RecordAgreedTransfer: acquire.record_agreed_transfer,
        use.UseTowardsNdc: use.use_towards_ndc,
        cancel.Cancel: cancel.cancel,
        cancel.Retire: cancel.retire,
        hold.PlaceHold: hold.place_hold,
        hold.ReleaseHold: hold.release_hold,
        correct.Correct: correct.correct,
        submit_aef.SubmitAef: submit_aef.submit_aef,
        import_units.ImportIssuance: import_units.import_issuance,
        import_units.ImportCancellation: import_units.import_cancellation,
        rotate_key.RotateKey: rotate_key.rotate_key,
        rotate_key.ConfirmKey: rotate_key.confirm_key,
        set_witness_policy.SetWitnessPolicy: set_witness_policy.set_witness_policy,
        record_ndc.RecordNdc: record_ndc.record_ndc,
        record_inventory.RecordInventory: record_inventory.record_inventory,
        choose_method.ChooseMethod: choose_method.choose_method,
        choose_method.FreezePeriod: choose_method.freeze_period,
        file_report.FileReport: file_report.file_report,
        acknowledge_submission.RecordSent: acknowledge_submission.record_sent,
        acknowledge_submission.AcknowledgeSubmission: acknowledge_submission.acknowledge_submission,
        import_submission.ImportSubmission: import_submission.import_submission,
        record_consistency_result.RecordConsistencyResult: record_consistency_result.record_consistency_result,
        review_report.RecordReviewFinding: review_report.record_review_finding,
        review_report.AnswerReviewFinding: review_report.answer_review_finding,
        review_report.CloseReviewFinding: review_report.close_review_finding,
        record_cost.RecordOperatingCost: record_cost.record_operating_cost,
        record_cost.RecordContribution: record_cost.record_contribution,
        record_statement.RecordStatement: record_statement.record_statement,
        set_quota.SetQuota: set_quota.set_quota,
        record_decision.RecordDecision: record_decision.record_decision,
        recognize.RecordRecognition: recognize.record_recognition,
        recognize.ObjectToRecognition: recognize.object_to_recognition,
        recognize.AnswerObjection: recognize.answer_objection,
        file_liability.FileLiability: file_liability.file_liability,
        declare_units.DeclareUnits: declare_units.declare_units,
        record_voluntary.RecordVoluntaryUnits: record_voluntary.record_voluntary_units,
        record_results_payment.RecordResultsPayment: record_results_payment.record_results_payment,
        objection.RecordObjection: objection.record_objection,
        objection.RespondToObjection: objection.respond_to_objection,
    }
)

BY_NAME: Final[Mapping[str, type[Command]]] = MappingProxyType({cls.__name__: cls for cls in COMMANDS})
"""Commands by the name that stands in the `command` member of their JSON."""

FROM_PARTNERS: Final[frozenset[type[Command]]] = frozenset(
    {abroad.SettleTransfer, acquire.AcceptTransfer, acquire.Acquire, acquire.DeclineTransfer}
)
"""Acts that only a partner registry's signed message may cause: given by hand, they could make units of nothing."""

FOR_ADMINISTRATORS: Final[frozenset[type[Command]]] = frozenset(
    {
        found.Found,
        register.LinkPartner,
        adopt_pack.AdoptPack,
        correct.Correct,
        import_units.ImportIssuance,
        import_units.ImportCancellation,
        reissue.Reissue,
        rotate_key.RotateKey,
        rotate_key.ConfirmKey,
        set_witness_policy.SetWitnessPolicy,
        choose_method.FreezePeriod,
        attest.SetAuthorizationRules,
        record_consistency_result.RecordConsistencyResult,
    }
)
"""Acts that change what others rely on; a token that may only write may not do them."""

BY_HAND: Final[Mapping[str, type[Command]]] = MappingProxyType(
    {name: cls for name, cls in BY_NAME.items() if cls not in FROM_PARTNERS}
)
"""The commands that people and programs may send, by name."""
