"""Every command with its decision: the one table from which CLI and HTTP API are derived."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from counterfoil.application.command import Command, Decide
from counterfoil.application.commands import (
    abroad,
    acquire,
    authorize,
    cancel,
    choose_method,
    correct,
    found,
    hold,
    import_units,
    issue,
    monitor,
    open_account,
    record_inventory,
    record_ndc,
    register,
    rotate_key,
    set_witness_policy,
    submit_aef,
    transfer,
    use,
)

COMMANDS: Final[Mapping[type[Command], Decide]] = MappingProxyType(
    {
        found.Found: found.found,
        open_account.OpenAccount: open_account.open_account,
        register.RegisterEntity: register.register_entity,
        register.LinkPartner: register.link_partner,
        register.RegisterCooperativeApproach: register.register_approach,
        register.RegisterActivity: register.register_activity,
        authorize.Authorize: authorize.authorize,
        authorize.ChangeAuthorization: authorize.change_authorization,
        authorize.RevokeAuthorization: authorize.revoke_authorization,
        monitor.SubmitMonitoring: monitor.submit_monitoring,
        monitor.Verify: monitor.verify,
        issue.Issue: issue.issue,
        issue.AuthorizeUnits: issue.authorize_units,
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
        correct.Correct,
        import_units.ImportIssuance,
        import_units.ImportCancellation,
        rotate_key.RotateKey,
        rotate_key.ConfirmKey,
        set_witness_policy.SetWitnessPolicy,
        choose_method.FreezePeriod,
    }
)
"""Acts that change what others rely on; a token that may only write may not do them."""

BY_HAND: Final[Mapping[str, type[Command]]] = MappingProxyType(
    {name: cls for name, cls in BY_NAME.items() if cls not in FROM_PARTNERS}
)
"""The commands that people and programs may send, by name."""
