"""Letters and e-mails: each once, and honest about what is known."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email import message_from_string
from pathlib import Path

import pytest

from services.notification.domain.health import AT_ONCE
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from services.notification.gateways.carriers import lines_of
from services.notification.gateways.carrying import EmailServer
from services.notification.gateways.letters import LetterFolder
from services.notification.gateways.mail import EmailFolder, MailServer, SmtpEmail
from services.notification.gateways.whole_file import name_of, write_once
from shared.domain.address import Address

SENDER = "kundservice@demoregion.example"
GOOD: Mapping[str, str | None] = {
    "EHLO": "250-demo\r\n250 AUTH PLAIN",
    "AUTH": "235 yes",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
}
"""What a mail server answers; None breaks the connection."""


class PostOffice:
    """A mail server that answers as it is told, and keeps what it took."""

    def __init__(self, **answers: str | None) -> None:
        self.answers = {**GOOD, **answers}
        self.heard: list[str] = []
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 demo\r\n")
        in_body = False
        while raw := await reader.readline():
            line = raw.decode().rstrip()
            self.heard.append(line)
            if in_body and line != ".":
                continue
            verb = line.partition(" ")[0].upper()
            answer = self.answers.get(verb)
            in_body = verb == "DATA" and (answer or "").startswith("354")
            if answer is None:
                break
            writer.write(f"{answer}\r\n".encode())
        writer.close()


@asynccontextmanager
async def post_office(**answers: str | None) -> AsyncIterator[PostOffice]:
    office = PostOffice(**answers)
    async with await asyncio.start_server(office.serve, "127.0.0.1", 0) as server:
        office.port = server.sockets[0].getsockname()[1]
        yield office


async def mailed(server: EmailServer, to: str = "test@demo.example") -> Outcome:
    return await server.send("renewal:F1", to=to, subject="Meddelande från oss", text="Hej på dig.")


def smtp(office: PostOffice, **more: str) -> SmtpEmail:
    return SmtpEmail(MailServer("127.0.0.1", office.port, starttls=False, **more), sender=SENDER)


async def test_a_mail_is_handed_over_with_an_id_that_is_the_same_each_time() -> None:
    async with post_office() as office:
        assert await mailed(smtp(office, user="u", password="p")) == Accepted(
            "<renewal_F1@demoregion.example>"
        )

    assert any(SENDER in line for line in office.heard if line.lower().startswith("mail from:"))
    assert "Message-ID: <renewal_F1@demoregion.example>" in office.heard
    assert any(line.startswith("AUTH PLAIN") for line in office.heard)


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("RCPT", "550 nobody", Rejected("smtp-550")),
        ("RCPT", "450 later", NotSent("smtp-450")),
        ("MAIL", "530 who are you", NotSent("smtp-530")),
        (".", "554 no", Rejected("smtp-554")),
        (".", "451 later", NotSent("smtp-451")),
        (".", None, Unknown()),
        ("DATA", None, NotSent("mail-server-broke-off")),
        ("RCPT", None, NotSent("mail-server-broke-off")),
        ("MAIL", None, NotSent("mail-server-broke-off")),
        ("DATA", "554 no", Rejected("smtp-554")),
        ("QUIT", None, Accepted("<renewal_F1@demoregion.example>")),
        ("QUIT", "500 what", Accepted("<renewal_F1@demoregion.example>")),
    ],
)
async def test_a_mail_server_is_believed_by_its_answer(
    step: str, answer: str | None, outcome: Outcome
) -> None:
    async with post_office(**{step: answer}) as office:
        assert await mailed(smtp(office)) == outcome


async def test_a_mail_server_that_is_away_took_nothing() -> None:
    away = SmtpEmail(MailServer("127.0.0.1", 9), sender=SENDER)

    assert await mailed(away) == NotSent("mail-server-not-reached")


async def test_a_mail_server_that_cannot_speak_in_secret_gets_nothing() -> None:
    async with post_office() as office:
        secret = SmtpEmail(MailServer("127.0.0.1", office.port, starttls=True), sender=SENDER)

        assert await mailed(secret) == NotSent("mail-server-not-reached")


@pytest.mark.parametrize("to", ["nobody", "a@b\r\nBcc: c@d", "a b@c.d", "<a@b.c>", "a@b.se,", "åsa@b.se", ""])
async def test_what_is_no_address_gets_no_mail(tmp_path: Path, to: str) -> None:
    folder = EmailFolder(tmp_path, sender=SENDER)

    assert await mailed(folder, to) == Rejected("not-an-address")
    assert await mailed(SmtpEmail(MailServer("127.0.0.1", 9), sender=SENDER), to) == Rejected(
        "not-an-address"
    )


async def test_a_mail_in_the_folder_can_be_read_by_any_mail_program(tmp_path: Path) -> None:
    folder = EmailFolder(tmp_path / "new", sender=SENDER)

    assert await mailed(folder) == await mailed(folder) == Accepted("renewal_F1.eml")

    (file,) = (tmp_path / "new").iterdir()
    mail = message_from_string(file.read_text())
    assert (mail["From"], mail["To"]) == (SENDER, "test@demo.example")
    body = mail.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode() == "Hej på dig.\n"
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_letter_is_put_in_the_queue_once_also_when_it_is_printed_already(tmp_path: Path) -> None:
    queue = LetterFolder(tmp_path)
    first = await queue.put("renewal:F1", address="Test Testsson", text="Hej.")
    again = await queue.put("renewal:F1", address="Test Testsson", text="Hej igen.")
    (tmp_path / "printed").mkdir()
    (tmp_path / "renewal_F1.txt").rename(tmp_path / "printed" / "renewal_F1.txt")
    printed = await queue.put("renewal:F1", address="Test Testsson", text="Hej.")

    assert first == again == printed == Accepted("renewal_F1.txt")
    assert os.listdir(tmp_path) == ["printed"]  # noqa: PTH208  an async test may list a folder
    assert (tmp_path / "printed" / "renewal_F1.txt").read_text() == "Test Testsson\n\n\nHej.\n"


async def test_a_queue_that_takes_nothing_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    outcome = await LetterFolder(tmp_path / "file").put("l", address="a", text="t")

    assert outcome == NotSent("print-queue-not-writable")


async def test_a_folder_of_a_letters_name_is_no_letter(tmp_path: Path) -> None:
    (tmp_path / "printed" / "m-1.txt").mkdir(parents=True)
    (tmp_path / "m-2.txt").mkdir()
    folder = LetterFolder(tmp_path)

    put = [await folder.put(each, address="Adress", text="Text") for each in ("m-1", "m-2")]

    assert put == [Accepted("m-1.txt"), NotSent("print-queue-not-writable")]
    assert (tmp_path / "m-1.txt").is_file()


def test_a_torn_file_is_swept_and_never_counts(tmp_path: Path) -> None:
    (tmp_path / "l.txt.12ab.tmp").write_text("half")

    write_once(tmp_path / "l.txt", b"whole")

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("l.txt", "whole")]


@pytest.mark.parametrize("message_id", ["../../etc/x", "a/b", "delivery:B1", "å"])
def test_a_files_name_is_safe_whatever_the_id_holds(message_id: str) -> None:
    assert set(name_of(message_id, ".txt")) & set("/:\\") == set()
    assert ".." not in name_of(message_id, ".txt")


def test_an_address_stands_as_on_an_envelope() -> None:
    home = Address("Provvägen 3", "21120", "MALMÖ", co="Testsson", line2="lgh 1201")
    abroad = Address("Testvej 1", "1000", "København", country="DK")

    assert list(lines_of(home)) == ["c/o Testsson", "Provvägen 3", "lgh 1201", "21120 MALMÖ"]
    assert list(lines_of(abroad))[-1] == "DK"


async def test_as_many_mails_are_with_a_slow_server_at_once_as_there_are_places() -> None:
    all_there = asyncio.Barrier(AT_ONCE)

    async def greet_when_all_are_there(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with asyncio.timeout(5), all_there:
            writer.close()

    server = await asyncio.start_server(greet_when_all_are_there, "127.0.0.1", 0)
    email = SmtpEmail(MailServer("127.0.0.1", server.sockets[0].getsockname()[1]), sender=SENDER)
    async with server:
        outcomes = await asyncio.gather(
            *(email.send(f"m{each}", to="a@b.se", subject="s", text="t") for each in range(AT_ONCE))
        )

    assert outcomes == [NotSent("mail-server-not-reached")] * AT_ONCE
    assert not all_there.broken
