"""`serve --set-up`: a registry is set up in the browser, and then served on the same port."""

import time
from pathlib import Path

from counterfoil.entrypoints.cli.contents import Desk
from counterfoil.entrypoints.cli.screen import OK, REFUSED, Fault


def run_set_up(desk: Desk, *, host: str, port: int, seconds: int | None) -> int:
    """Set up what is not founded, or has no administrator yet, and go on to serve it.

    Only on an address of this machine itself, because the pages are not encrypted; and never where somebody can sign
    in already: whoever has enrolled invites the others.
    """
    from counterfoil.domain.kernel.refusal import Refusal
    from counterfoil.entrypoints.bootstrap import Folder
    from counterfoil.entrypoints.http.listening import is_loopback
    from counterfoil.entrypoints.http.sockets import tcp_socket
    from counterfoil.entrypoints.serving import serve
    from counterfoil.entrypoints.web.first.doorkeeper import SetUpFault
    from counterfoil.entrypoints.web.first.serving import set_up

    folder = Folder(desk.directory)
    if folder.founded and _staffed(folder.path):
        raise Fault(Refusal(SetUpFault.STAFFED, {"folder": str(folder.path)}), REFUSED)
    screen, began = desk.screen, time.monotonic()

    def tell(line: str) -> None:
        if screen.as_json:
            screen.json({"message": line}, compact=True)
        else:
            screen.line(line)

    tcp = tcp_socket(host, port)
    if not is_loopback(tcp):
        tcp.close()
        raise Fault(Refusal(SetUpFault.LOOPBACK_ONLY, {"host": host[:60]}), REFUSED)
    if not set_up(folder, tcp, for_seconds=seconds, texts=screen.texts, tell=tell):
        tcp.close()
        return OK
    left = None if seconds is None else max(1, seconds - int(time.monotonic() - began))
    return serve(folder, for_seconds=left, language=screen.texts.language, tell=tell, door=tcp)


def _staffed(directory: Path) -> bool:
    """Whether anybody has ever enrolled."""
    from counterfoil.entrypoints.office_at_hand import OfficeAtHand

    at_hand = OfficeAtHand(directory)
    try:
        return at_hand.staffed()
    finally:
        at_hand.close()
