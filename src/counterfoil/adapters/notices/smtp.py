"""Mail by the operator's own server: always over TLS, except to this machine itself; every step has a time limit.

Source: RFC 8314 section 3 (TLS from the first byte, or by STARTTLS); RFC 5322 section 3.6.4 (a message's name).
"""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from counterfoil.application.notices.fault import NoticeFault
from counterfoil.application.notices.ports import Letter
from counterfoil.application.ports import Outage

SECONDS_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class MailServer:
    """`tls` is `implicit`, `starttls`, or `none`, which the settings allow for this machine only."""

    host: str
    port: int
    tls: str
    sender: str
    user: str = ""
    secret: str = ""


class SmtpPost:
    """Hands each letter over on a connection of its own."""

    __slots__ = ("_context", "_server")

    def __init__(self, server: MailServer, context: ssl.SSLContext | None = None) -> None:
        """`context` is for tests, whose server has a certificate of its own."""
        self._server = server
        self._context = context

    def send(self, letter: Letter) -> None:
        message = message_of(letter, self._server.sender)
        try:
            with self._connected() as connection:
                if self._server.user:
                    connection.login(self._server.user, self._server.secret)
                connection.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            # The kind of failure only: a server's words may repeat the address, which is no business of a log.
            raise Outage(NoticeFault.NOT_DELIVERED, {"detail": type(error).__name__}, retry=True) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.tls == "implicit":
            return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS_MAX, context=self._tls())
        connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS_MAX)
        if server.tls == "starttls":
            try:
                # Without an answer to STARTTLS this raises: nothing is ever sent in the clear instead.
                connection.starttls(context=self._tls())
            except BaseException:
                connection.close()
                raise
        return connection

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The message: plain text, one addressee, a name that a second sending repeats.

    Raises:
        ValueError: a header would hold a line break.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.address
    message["Subject"] = letter.title
    message["Message-ID"] = f"<{letter.name}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    message.set_content(letter.text)
    return message
