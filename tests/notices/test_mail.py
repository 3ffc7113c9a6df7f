"""Mail: over TLS or not at all, no header that a fact could write, and settings that say what is wrong."""

import email
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterfoil.adapters.notices.smtp import MailServer, SmtpPost, message_of
from counterfoil.application.notices.ports import Letter
from counterfoil.application.ports import Outage
from counterfoil.entrypoints.notice_settings import read_ways

LETTER = Letter("ada@example.org", "標題 title", "Body\n", "notice-7", "en")


@contextmanager
def server(*, starttls: bool = False) -> Iterator[tuple[int, list[str]]]:
    """A mail server on loopback that takes one message and knows no TLS."""
    got: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        taken, _ = listener.accept()
        with taken, taken.makefile("rwb") as file:

            def answer(line: str) -> None:
                file.write(line.encode() + b"\r\n")
                file.flush()

            answer("220 here")
            data = False
            for raw in file:
                line = raw.decode().rstrip("\r\n")
                if data and line != ".":
                    got.append(line)
                elif data:
                    data = False
                    answer("250 taken")
                elif line.upper().startswith("EHLO"):
                    answer("250-here")
                    answer("250 STARTTLS" if starttls else "250 8BITMIME")
                elif line.upper() == "DATA":
                    data = True
                    answer("354 go on")
                elif line.upper() == "STARTTLS":
                    answer("454 not now")
                elif line.upper() == "QUIT":
                    answer("221 bye")
                    return
                else:
                    got.append(line)
                    answer("250 good")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], got
    finally:
        listener.close()
        thread.join(5)


def test_a_letter_arrives_whole_and_under_a_name_that_a_second_sending_repeats() -> None:
    with server() as (port, got):
        SmtpPost(MailServer("127.0.0.1", port, "none", "registry@example.org")).send(LETTER)
    message = email.message_from_string("\n".join(line for line in got if not line.startswith(("mail ", "rcpt "))))
    assert message["Message-ID"] == "<notice-7@example.org>" and message["To"] == "ada@example.org"
    assert [line for line in got if line.startswith("rcpt ")] == ["rcpt TO:<ada@example.org>"]


@pytest.mark.parametrize("starttls", [True, False])
def test_a_server_without_tls_gets_no_letter(starttls: bool) -> None:
    with server(starttls=starttls) as (port, got):
        with pytest.raises(Outage) as found:
            SmtpPost(MailServer("127.0.0.1", port, "starttls", "r@example.org", "user", "secret")).send(LETTER)
        assert found.value.code == "notice.not_delivered"
    assert not any(line.lower().startswith(("mail", "rcpt", "auth")) for line in got)


def test_a_server_that_cannot_be_reached_is_an_outage() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Outage):
        SmtpPost(MailServer("127.0.0.1", port, "none", "r@example.org")).send(LETTER)


def test_no_header_takes_a_second_line() -> None:
    with pytest.raises(ValueError, match="line"):
        message_of(Letter("a@b.c", "x\r\nBcc: d@e.f", "t", "n", "en"), "r@example.org")


SECRET_NAME = "secret.txt"
GOOD = f'[[webhook]]\nname = "a"\naddress = "https://a.example/in"\nsecret_file = "{SECRET_NAME}"\n'
MAIL = '[mail]\nhost = "mail.example"\nfrom = "r@example.org"\n'


def written(folder: Path, text: str, *, mode: int = 0o600, secret: str = "s" * 32) -> Path:
    (folder / SECRET_NAME).write_text(secret)
    (folder / SECRET_NAME).chmod(mode)
    (folder / "notices.toml").write_text(text)
    return folder


def test_without_settings_there_is_no_way_out(tmp_path: Path) -> None:
    ways = read_ways(tmp_path)
    assert ways.post is None and ways.webhooks == ()


def test_good_settings_give_the_ways_that_they_name(tmp_path: Path) -> None:
    ways = read_ways(written(tmp_path, f'language = "zh-Hant"\n{MAIL}{GOOD}'))
    assert ways.post is not None and [each.name for each in ways.webhooks] == ["a"] and ways.language == "zh-Hant"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mail = 1", "table"),
        ("x = 1", "unknown"),
        ('language = "fr"', "language"),
        (MAIL + 'tls = "none"\n', "tls"),
        (MAIL + "port = 0\n", "port"),
        (MAIL.replace("r@", "r"), "from"),
        (MAIL + 'user = "u"\n', "secret_file"),
        (GOOD.replace("https", "http"), "https"),
        (GOOD.replace("https", "file"), "https"),
        (GOOD.replace("a.example", "u:p@a.example"), "https"),
        (GOOD + GOOD, "one name"),
        (GOOD.replace(SECRET_NAME, "none.txt"), "none.txt"),
        (GOOD + 'sorts = "x"\n', "sorts"),
        ("[[", "notices.toml"),
        ("webhook = 1", "list"),
    ],
)
def test_settings_that_cannot_be_used_say_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Outage) as found:
        read_ways(written(tmp_path, text))
    assert found.value.code == "notice.settings_unreadable"
    assert said in str(found.value.facts)


def test_a_secret_that_is_short_or_open_to_others_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Outage, match=r"notice\.settings_unreadable"):
        read_ways(written(tmp_path, GOOD, secret="short"))
    with pytest.raises(Outage, match=r"notice\.settings_unreadable"):
        read_ways(written(tmp_path, GOOD, mode=0o644))
