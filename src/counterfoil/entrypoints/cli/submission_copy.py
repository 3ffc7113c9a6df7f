"""`submission file --confidential`: the copy with confidential values, beside the package and kept nowhere."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from counterfoil.entrypoints.cli.screen import REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Misused, UsageFault
from counterfoil.entrypoints.cli.written_out import written_out

if TYPE_CHECKING:
    from counterfoil.application.ports import Signer
    from counterfoil.application.queries.aef_check import NamedRaw
    from counterfoil.application.queries.sight import Sight
    from counterfoil.application.queries.submissions import Filed
    from counterfoil.domain.reporting.aef_format import AefFormat

ONLY_ITS_OWNER: Final = 0o600


@dataclass(frozen=True, slots=True)
class ConfidentialCopy:
    """The file that was named, and how a workbook was written."""

    name: str
    data: bytes
    form: "AefFormat"

    def check(self, sight: "Sight", filed: "NamedRaw | None") -> None:
        """End the command unless the file says what is filed, with the values that the register keeps back.

        Args:
            filed: The public copy; None where what is filed is no annual information.
        """
        from counterfoil.domain.kernel.refusal import Refusal
        from counterfoil.domain.reporting.aef_json import AefJsonFault
        from counterfoil.entrypoints.submitting.aef_bytes import submission_in
        from counterfoil.entrypoints.submitting.confidential_copy import copy_fault

        public = None if filed is None else submission_in(filed, self.form)
        if public is None:
            raise Fault(Refusal(AefJsonFault.NOT_A_SUBMISSION, {"format": "AEF"}), REFUSED)
        refusal = public if isinstance(public, Refusal) else copy_fault(sight, public, self.name, self.data, self.form)
        if refusal is not None:
            raise Fault(refusal, REFUSED)

    def packed(self, sight: "Sight", filed: "Filed", signer: "Signer") -> bytes:
        """The signed file for the platform. What was filed is read again: it may have been filed by an earlier run."""
        from counterfoil.adapters.carp.package_zip import zipped
        from counterfoil.entrypoints.submitting.aef_bytes import named_bytes
        from counterfoil.entrypoints.submitting.confidential_copy import signed_copy

        main = filed.content.main
        self.check(sight, named_bytes(main, filed.files[main], self.form))
        return zipped(signed_copy(filed, self.name, self.data, origin=sight.registry.origin, signer=signer))


def read(file: str, form: "AefFormat", *, delivered: bool) -> ConfidentialCopy:
    """The named file. Without a place to deliver it to there is nothing to do with it."""
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.domain.reporting.package import FILE_BYTES_MAX, PackageFault, is_file_name
    from counterfoil.entrypoints.cli.input import read_bytes

    if not delivered:
        raise Misused(Refusal(UsageFault.OPTION_MISSING, {"option": "--carp"}))
    data = read_bytes(file, bytes_max=FILE_BYTES_MAX)
    name = Path(file).name
    if isinstance(data, Refusal):
        raise Fault(data, UNUSABLE)
    if not is_file_name(name):
        raise Fault(Refusal(PackageFault.NAME_UNFIT, {"file": name[:80]}), REFUSED)
    return ConfidentialCopy(name, data, form)


def name_beside(package: str) -> str:
    """The file beside a package."""
    return f"confidential-{package}"


def deliver(data: bytes, package: str, *, carp: str | None, out: str | None) -> None:
    """Write it wherever the package goes, readable for its owner only."""
    from counterfoil.adapters.carp.folder import FolderCarp

    if out is not None:
        written_out(Path(out), name_beside(package), data, mode=ONLY_ITS_OWNER)
    if carp is not None:
        FolderCarp(Path(carp)).deliver(name_beside(package), data, mode=ONLY_ITS_OWNER)
