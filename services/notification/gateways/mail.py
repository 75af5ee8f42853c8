"""E-mail: written to a folder, or sent by SMTP."""

import asyncio
import re
import smtplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from services.notification.domain.health import AT_ONCE
from services.notification.domain.outcomes import Accepted, NotSent, Outcome, Rejected, Unknown
from services.notification.gateways.whole_file import name_of, write_once
from shared.email_address import NotAnEmail, email_address

_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"(?m)^\.")
ANSWER_SECONDS = 8
GO_ON, REFUSED, FOR_GOOD = 354, 400, 500
"""SMTP answers: the text may follow; refused; and refused for good (RFC 5321 section 4.2.1)."""


def written(message_id: str, *, sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """Write an e-mail whose id is the same each time."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{name_of(message_id, '')}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="quoted-printable")  # any server takes it, also one without 8BITMIME
    return mail


class EmailFolder:
    """One .eml file a message: for trials without a mail server."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    async def send(self, message_id: str, *, to: str, subject: str, text: str) -> Outcome:
        try:
            mail = written(message_id, sender=self._sender, to=email_address(to), subject=subject, text=text)
        except NotAnEmail:
            return Rejected("not-an-address")
        return await asyncio.to_thread(self._write, name_of(message_id, ".eml"), mail)

    def _write(self, name: str, mail: EmailMessage) -> Outcome:
        try:
            write_once(self._folder / name, bytes(mail))
        except OSError:
            return NotSent("folder-not-writable")
        return Accepted(name)


@dataclass(frozen=True)
class MailServer:
    """Where the mail server is, and how it knows us."""

    host: str
    port: int
    starttls: bool = True
    user: str = ""
    password: str = ""


class SmtpEmail:
    """Hands a mail over once; when the connection breaks in the middle, the outcome is unknown (Q24)."""

    def __init__(self, server: MailServer, *, sender: str) -> None:
        self._server = server
        self._sender = sender
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="smtp")

    async def send(self, message_id: str, *, to: str, subject: str, text: str) -> Outcome:
        try:
            mail = written(message_id, sender=self._sender, to=email_address(to), subject=subject, text=text)
        except NotAnEmail:
            return Rejected("not-an-address")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hand_over, mail)

    def _hand_over(self, mail: EmailMessage) -> Outcome:
        try:
            smtp = self._connected()
        except (OSError, smtplib.SMTPException):
            return NotSent("mail-server-not-reached")
        try:
            return _refused_before_the_text(smtp, mail) or _with_the_text(smtp, mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        smtp = smtplib.SMTP(server.host, server.port, timeout=ANSWER_SECONDS)
        try:
            if server.starttls:
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
        except (OSError, smtplib.SMTPException):
            smtp.close()
            raise
        return smtp


def _refused_before_the_text(smtp: smtplib.SMTP, mail: EmailMessage) -> Outcome | None:
    """Say from whom and to whom: whatever goes wrong so far, nothing has left (RFC 5321 section 3.3)."""
    try:
        smtp.ehlo_or_helo_if_needed()
        code, _ = smtp.mail(str(mail["From"]))
        if code >= REFUSED:
            return NotSent(f"smtp-{code}")
        code, _ = smtp.rcpt(str(mail["To"]))
        if code >= REFUSED:
            return _refused(code)
        code, _ = smtp.docmd("DATA")
    except (OSError, ValueError, smtplib.SMTPException):
        return NotSent("mail-server-broke-off")
    return None if code == GO_ON else _refused(code)


def _with_the_text(smtp: smtplib.SMTP, mail: EmailMessage) -> Outcome:
    """Hand over the text; without an answer the outcome is unknown (Q24)."""
    text = _LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", mail.as_bytes(policy=SMTP))
    try:
        smtp.send(text + b".\r\n")
        code, _ = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        return Unknown()
    return Accepted(str(mail["Message-ID"])) if code < REFUSED else _refused(code)


def _refused(code: int) -> Outcome:
    return Rejected(f"smtp-{code}") if code >= FOR_GOOD else NotSent(f"smtp-{code}")
