"""`compliance cbam`: an exporter's evidence for a border adjustment, as files that are checked offline."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from counterfoil.entrypoints.cli.contents import Command, Desk
from counterfoil.entrypoints.cli.packs import folders_option, sound_pack
from counterfoil.entrypoints.cli.screen import OK, REFUSED, UNUSABLE, Fault
from counterfoil.entrypoints.cli.usage import Day
from counterfoil.entrypoints.language import LANGUAGES, Texts

if TYPE_CHECKING:
    from counterfoil.application.queries.border_evidence import BorderEvidence
    from counterfoil.application.queries.sight import Sight
    from counterfoil.domain.compliance.declared_goods import Declaration


def command(texts: Texts) -> Command:
    options: list[click.Parameter] = [
        click.Argument(["file"], metavar="FILE.json"),
        click.Option(["--out"], required=True, metavar=texts("cli.place.dir")),
        click.Option(["--law", "pack"], default="eue", metavar="PACK"),
        click.Option(["--on"], type=Day()),
        folders_option(texts),
    ]
    return Command(texts, "cli.compliance.cbam", run, options)


def run(desk: Desk, *, file: str, out: str, pack: str, on: date | None, folders: tuple[str, ...]) -> int:
    """Write the evidence into a new or empty folder, and the same files as one zip beside it."""
    from counterfoil.adapters.carp.package_zip import zipped
    from counterfoil.adapters.durable import made_folder
    from counterfoil.application.queries.border_evidence import border_evidence
    from counterfoil.entrypoints.border.border_files import with_sums
    from counterfoil.entrypoints.cli.day import today
    from counterfoil.entrypoints.cli.export_bundle import ExportFault
    from counterfoil.entrypoints.cli.reading import looking, told
    from counterfoil.entrypoints.reports.printing import write_whole

    folder, screen = Path(out), desk.screen
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        from counterfoil.domain.kernel.refusal import Refusal

        raise Fault(Refusal(ExportFault.NOT_EMPTY, {"folder": out}), REFUSED)
    declaration = _declaration(file)
    law = sound_pack(desk, pack, folders).law
    with looking(desk.directory) as sight:
        evidence = told(border_evidence(sight, declaration, law, on=on or today()))
        files = with_sums(_files(desk, sight, evidence))
    for name, data in files.items():
        made_folder((folder / name).parent)
        write_whole(folder / name, data)
    package = folder.with_name(f"{folder.name}.zip")
    write_whole(package, zipped(files))
    view = evidence.view
    if screen.as_json:
        screen.json({**view, "files": sorted(files), "folder": str(folder), "package": str(package)})
        return OK
    _told(desk, evidence)
    screen.say("cli.compliance.cbam.done", folder=folder, package=package, files=len(files))
    return OK


def _declaration(file: str) -> "Declaration":
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.border.declaration_file import BYTES_MAX, read_declaration
    from counterfoil.entrypoints.cli.input import read_bytes

    data = read_bytes(file, bytes_max=BYTES_MAX)
    read = data if isinstance(data, Refusal) else read_declaration(data, file)
    if isinstance(read, Refusal):
        raise Fault(read, UNUSABLE)
    return read


def _files(desk: Desk, sight: "Sight", evidence: "BorderEvidence") -> dict[str, bytes]:
    """The files with the public key, and the registry's credential where its key is in the folder."""
    from counterfoil.adapters.signing.ed25519 import verify
    from counterfoil.adapters.signing.trusted_key import journal_key
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.border.border_files import CREDENTIAL, border_files, signed_sums
    from counterfoil.entrypoints.cli.reading import told
    from counterfoil.entrypoints.letters.credential_file import signing_key

    public = Folder(desk.directory).public_key
    key = journal_key(public, sight.reading, sight.codec)
    both = [Texts(language) for language in LANGUAGES]
    files = told(border_files(evidence, sight, public_key=key, verify=verify, texts=both))
    files["registry.pub"] = public.read_bytes()
    signer = signing_key(sight, desk.directory)
    if signer is None:
        desk.screen.note("cli.letter.no_credential")
        return files
    signed = signed_sums(files, evidence.view, public_key=signer.public_key, sign=signer.sign)
    return {**files, CREDENTIAL: signed}


def _told(desk: Desk, evidence: "BorderEvidence") -> None:
    from counterfoil.entrypoints.border.border_paper import money

    for each in evidence.view["liabilities"]:
        desk.screen.say(
            "cli.compliance.cbam.line",
            liability=each["liability"],
            price=money(each["carbon_price"], each["currency"]),
            paid=money(each["paid"], each["currency"]),
            goods=money(sum(each["goods"]), each["currency"]),
            units=f"{sum(row['quantity_t'] for row in each['units']):,}",
        )
    if evidence.view["doubtful"]:
        desk.screen.say("cli.explain.doubtful", names=", ".join(evidence.view["doubtful"]))
