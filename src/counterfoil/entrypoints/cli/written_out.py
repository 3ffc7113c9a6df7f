"""Files that a command writes into a folder: each whole, and none over another one that differs."""

from pathlib import Path

from counterfoil.entrypoints.cli.screen import REFUSED, Fault


def written_out(folder: Path, name: str, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file; the same bytes under its name are left as they are.

    Raises:
        Fault: another file has the name.
    """
    from counterfoil.adapters.durable import made_folder, written_once
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.cli.prove import ProofFileFault

    made_folder(folder)
    path = folder / name
    try:
        written_once(path, data, mode=mode)
    except FileExistsError as error:
        if path.read_bytes() != data:
            raise Fault(Refusal(ProofFileFault.EXISTS, {"file": str(path)}), REFUSED) from error
