"""Files attached to device orders: what is kept, who reads it, when it is removed (S88)."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from services.ordering.domain.devices.attachments import (
    LARGEST_BYTES,
    ORPHAN_AFTER,
    Attached,
    Attachment,
    AttachmentEmpty,
    AttachmentTaken,
    AttachmentTooLarge,
    AttachmentTypeRefused,
    AttachmentUsed,
    Content,
    attach,
    detach,
    keep,
    remove_orphan,
    type_of,
)
from services.ordering.gateways.virus_scanner import EICAR, ClamAV, OfTrials, scanner_at
from shared.domain.decision import NotFound

PDF = b"%PDF-1.7\n..."
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
BY = "disa"
KEPT = Attachment(
    Attached("a" * 32, "sealed:contact:name", "application/pdf", len(PDF)),
    patient_ref="p-1",
    care_unit="U1",
    uploaded_by=BY,
    uploaded_at=AT,
)
FILE = Content("sealed:contact:content")


def kept() -> Attachment:
    return keep(None, None, attachment=KEPT, content=FILE)[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, said: str) -> None:
    assert type_of(content) == said


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00", b"<html>", b"PK\x03\x04", b"GIF89a", b" %PDF-1.7", b"<svg xmlns='x'/>", b"%pdf-1.7"],
)
def test_what_may_do_something_by_itself_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(AttachmentTypeRefused):
        type_of(content)


def test_a_file_of_five_megabytes_is_taken_and_one_byte_more_is_not() -> None:
    assert type_of(PDF.ljust(LARGEST_BYTES, b" ")) == "application/pdf"
    with pytest.raises(AttachmentTooLarge):
        type_of(PDF.ljust(LARGEST_BYTES + 1, b" "))


def test_an_empty_file_is_refused_as_empty() -> None:
    with pytest.raises(AttachmentEmpty):
        type_of(b"")


def test_what_nobody_attaches_is_removed_after_a_week_and_what_a_line_names_never() -> None:
    attached = attach(kept(), patient_ref="p-1", by=BY)
    after = AT + ORPHAN_AFTER

    assert remove_orphan(kept(), FILE, at=after - timedelta(seconds=1))[1] == FILE
    assert remove_orphan(kept(), FILE, at=after)[1] == Content(None)
    assert remove_orphan(attached, FILE, at=after)[1] == FILE


def test_what_is_taken_off_a_line_is_removed_a_week_after_that() -> None:
    later = AT + timedelta(days=30)
    off = detach(attach(kept(), patient_ref="p-1", by=BY), at=later)

    assert remove_orphan(off, FILE, at=later + timedelta(days=6))[1] == FILE
    assert remove_orphan(off, FILE, at=later + timedelta(days=7))[1] == Content(None)


def test_an_attachment_of_one_patient_is_never_attached_to_an_order_of_another() -> None:
    with pytest.raises(AttachmentTaken):
        attach(kept(), patient_ref="p-2", by=BY)


def test_an_attachment_belongs_to_one_line() -> None:
    with pytest.raises(AttachmentUsed):
        attach(attach(kept(), patient_ref="p-1", by=BY), patient_ref="p-1", by=BY)


def test_what_was_removed_cannot_be_attached() -> None:
    removed, _, _ = remove_orphan(kept(), FILE, at=AT + ORPHAN_AFTER)

    with pytest.raises(NotFound):
        attach(removed, patient_ref="p-1", by=BY)


def test_the_same_upload_twice_is_one() -> None:
    attached = attach(kept(), patient_ref="p-1", by=BY)

    assert keep(attached, FILE, attachment=KEPT, content=Content("other"))[:2] == (attached, FILE)


Daemon = Callable[[bytes], bytes | None]


@asynccontextmanager
async def clamd(says: Daemon) -> AsyncIterator[ClamAV]:
    """A daemon that reads INSTREAM as ClamAV's documentation says, and answers what it is told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readexactly(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
        answer = says(content)
        if answer is not None:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield ClamAV("127.0.0.1", server.sockets[0].getsockname()[1])


async def test_a_daemon_gets_the_whole_file_and_its_word_counts() -> None:
    file = PDF.ljust(300_000, b"x")
    got: list[bytes] = []

    def clean(content: bytes) -> bytes:
        got.append(content)
        return b"stream: OK\0"

    async with clamd(clean) as scanner:
        assert await scanner.scan(file) == "clean"
    assert got == [file]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "infected"),
        (b"INSTREAM size limit exceeded. ERROR\0", "not_scanned"),
        (b"UNKNOWN COMMAND\0", "not_scanned"),
        (b"HTTP/1.1 200 OK\0", "not_scanned"),
        (b"stream: NOT OK\0", "not_scanned"),
        (b"x" * 200_000, "not_scanned"),
        (b"", "not_scanned"),
        (None, "not_scanned"),
    ],
)
async def test_only_a_clear_yes_is_clean(answer: bytes | None, verdict: str) -> None:
    async with clamd(lambda _: answer) as scanner:
        assert await scanner.scan(PDF) == verdict


async def test_without_a_daemon_nothing_is_scanned() -> None:
    async with clamd(lambda _: b"stream: OK\0") as gone:
        pass

    assert await gone.scan(PDF) == "not_scanned"


async def test_a_trial_without_a_scanner_knows_the_harmless_test_file() -> None:
    scanner = scanner_at(None)

    assert isinstance(scanner, OfTrials)
    assert [await scanner.scan(PDF), await scanner.scan(PDF + EICAR)] == ["clean", "infected"]
