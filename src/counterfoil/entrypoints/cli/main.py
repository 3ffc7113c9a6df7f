"""`counterfoil`: the table of contents of the command line, and the one place where everything that can go wrong ends.

A command's module is imported when the command is asked for, so that `counterfoil --version` reads almost nothing.
Exit status: 0 done, 1 refused or with findings, 2 unusable input; 130 interrupted, 141 nobody reads the output.
"""

import contextlib
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

import click

from counterfoil import __version__
from counterfoil.entrypoints.cli.contents import Build, Contents
from counterfoil.entrypoints.cli.screen import BROKEN_PIPE, INTERRUPTED, UNUSABLE, Fault, Screen
from counterfoil.entrypoints.cli.usage import misuse
from counterfoil.entrypoints.language import Texts, chosen_language

SECTIONS: Final = {
    "cli.section.begin": (
        "init",
        "demo",
        "scenario list",
        "scenario run",
        "import cdm",
        "import ndc",
        "import inventory",
        "import statements",
        "import opening",
        "serve",
        "network up",
        "network play",
        "network status",
        "network down",
    ),
    "cli.section.law": (
        "packs list",
        "packs check",
        "packs show",
        "packs diff",
        "packs new",
        "explain",
        "pathway",
        "readiness",
    ),
    "cli.section.compliance": (
        "compliance list",
        "compliance show",
        "compliance certificate",
        "compliance cbam",
        "compliance voluntary",
    ),
    "cli.section.exchange": (
        "exchange check",
        "exchange import",
        "exchange trades",
        "exchange statistics",
        "offer list",
    ),
    "cli.section.act": (
        "do",
        "tasks",
        "proposal list",
        "proposal show",
        "proposal make",
        "proposal approve",
        "proposal reject",
        "proposal withdraw",
        "request list",
        "request run",
        "evidence add",
        "erase",
    ),
    "cli.section.look": (
        "show",
        "list",
        "activity list",
        "activity show",
        "activity find",
        "activity diff",
        "form list",
        "form show",
        "form diff",
        "balance",
        "trace",
        "verify",
        "prove",
        "check-proof",
    ),
    "cli.section.integrity": (
        "claim",
        "conditions",
        "objections",
        "partner-notices",
        "incidents",
        "delays",
        "overlaps check",
        "overlaps list",
        "overlaps verify",
    ),
    "cli.section.report": (
        "report aef",
        "report initial",
        "report updated-initial",
        "report regular",
        "report summary",
        "calendar",
        "aef check",
        "aef import",
        "aef diff",
        "submission file",
        "submission send",
        "submission receive",
        "submission list",
        "submission show",
        "submission check",
        "review list",
        "review show",
        "review record",
        "review answer",
        "review close",
        "review lessons",
        "costs",
        "invoice list",
        "invoice print",
        "letter authorization",
        "letter acknowledgement",
        "letter issuance",
        "letter retirement",
        "letter verification",
        "letter statement",
        "letter check",
        "export",
        "tiles",
    ),
    "cli.section.together": (
        "installation init",
        "installation add",
        "installation list",
        "installation serve",
        "installation status",
        "installation check",
        "installation hand-over",
    ),
    "cli.section.books": ("reconcile", "case list", "case show", "case close"),
    "cli.section.links": (
        "link list",
        "link show",
        "link discover",
        "link propose",
        "link test",
        "link live",
        "link suspend",
        "link resend",
        "link dead-letters",
        "link retry",
        "link conform",
    ),
    "cli.section.safe": ("backup", "restore", "drill", "upgrade"),
    "cli.section.prove": (
        "key rotate",
        "key list",
        "key forget",
        "witness status",
        "witness policy",
        "witness request",
        "witness add",
        "witness key",
        "witness sign",
    ),
    "cli.section.people": (
        "admin invite",
        "people list",
        "people invite",
        "people suspend",
        "people resume",
        "people erase",
        "people requests",
        "people trail",
        "mandate give",
        "mandate list",
        "mandate end",
        "organisation add",
        "organisation list",
        "organisation suspend",
        "organisation resume",
        "application list",
        "application show",
        "application approve",
        "application reject",
        "kyc show",
        "kyc keep",
        "kyc forget",
        "document add",
        "document list",
        "document show",
        "document read",
        "document erase",
        "grievance list",
        "grievance show",
        "grievance send",
        "grievance file",
        "grievance answer",
        "grievance erase",
        "trail",
        "notifications list",
        "notifications retry",
        "notifications test",
        "worker",
    ),
    "cli.section.keep": ("token new", "token list", "token revoke", "faults", "bench"),
}
_MODULES: Final = {
    "import": "import_cdm",
    "check-proof": "check_proof",
    "partner-notices": "partner_notices",
    "list": "show",
    "report": "report_aef",
    "aef": "aef_check",
    "explain": "packs_explain",
}
"""Where a command is not in the module of its own name."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit status."""
    with contextlib.suppress(AttributeError, ValueError):
        # A terminal that cannot show a character gets an escape instead of a traceback.
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
        sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run one command and give its exit status. Nothing that a user can cause gets past here as a traceback."""
    texts = Texts(chosen_language(arguments, os.environ))
    screen = Screen(texts, as_json=_wants_json(arguments))
    try:
        status = _called(contents(texts), arguments)
        sys.stdout.flush()
    except click.UsageError as error:
        screen.fault(misuse(error))
        return UNUSABLE
    except Fault as fault:
        screen.fault(fault.fault)
        return fault.status
    except (KeyboardInterrupt, click.Abort, EOFError):
        return _interrupted(screen)
    except BrokenPipeError:
        return _nobody_reads()
    except OSError as error:
        return _world_failed(screen, error)
    except Exception as error:  # noqa: BLE001  our own mistakes end here too, by name
        # An interrupt that comes while Python makes a class is handed on as another error, which names it as its cause.
        return (
            _interrupted(screen)
            if isinstance(error.__cause__, KeyboardInterrupt)
            else _outage_or_mistake(screen, error)
        )
    return status


def _interrupted(screen: Screen) -> int:
    click.echo(err=True)
    screen.note("cli.interrupted")
    return INTERRUPTED


def _called(command: click.Command, arguments: Sequence[str]) -> int:
    """Parse the arguments and run the command, without the complaints and exits of click's own `main`."""
    try:
        with command.make_context("counterfoil", list(arguments)) as context:
            return int(command.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code


def contents(texts: Texts) -> Contents:
    """The whole command line in one language."""
    version = click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=texts("cli.version")
    )
    return Contents(texts, "cli", SECTIONS, _builder, [version])


def _builder(name: str) -> Build:
    module = import_module(f"counterfoil.entrypoints.cli.{_MODULES.get(name, name)}")
    build: Build = getattr(module, "listing" if name == "list" else "command")
    return build


def _version(ctx: click.Context, _: click.Parameter, wanted: Any) -> None:
    if wanted:
        click.echo(f"counterfoil {__version__}")
        ctx.exit()


def _wants_json(arguments: Sequence[str]) -> bool:
    """Whether a complaint about the arguments themselves is to be JSON."""
    before = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in before


def _nobody_reads() -> int:
    """The reader of a pipe went away, which is no fault."""
    _drop_output()
    return BROKEN_PIPE


def _drop_output() -> None:
    """Nothing more can be written; the interpreter must not complain of it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _world_failed(screen: Screen, error: OSError) -> int:
    """An error of the operating system that no adapter named. One without a file is the output's: a full disk."""
    from pathlib import Path

    from counterfoil.adapters.storage_fault import of_system

    if error.filename is None:
        _drop_output()
        screen = Screen(screen.texts)
    with contextlib.suppress(OSError):
        screen.fault(of_system(error, Path(error.filename or "<stdout>")))
    return UNUSABLE


def _outage_or_mistake(screen: Screen, error: Exception) -> int:
    """An outage is reported as itself. Anything else is our own mistake: named, and never a traceback."""
    from counterfoil.application.ports import Outage, OutageFault

    if isinstance(error, Outage):
        screen.fault(error)
    else:
        screen.fault(Outage(OutageFault.WRITER_MISTAKE, {"detail": f"{type(error).__name__}: {error}"[:400]}))
        if os.environ.get("COUNTERFOIL_DEBUG"):
            raise error
    return UNUSABLE
