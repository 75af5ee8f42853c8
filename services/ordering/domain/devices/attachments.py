"""A file that is attached to a line of an order: what it may be, and when it is removed (S88)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.domain.decision import Decision, NotFound, Refused, Sentence

LARGEST_BYTES = 5 * 1024 * 1024
LONGEST_NAME = 120
"""Signs of a file's name."""
ORPHAN_AFTER = timedelta(days=7)
"""What nobody attached to anything is removed then; a basket that rests keeps what it names."""

FileType = Literal["application/pdf", "image/jpeg", "image/png"]
BEGINNINGS: dict[FileType, bytes] = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
"""What a file is, its first bytes say; its name and what the browser calls it may be wrong."""


class AttachmentTypeRefused(Refused):
    """Only files that everybody can open, and that do nothing by themselves (S88)."""

    rule = "attachment-type"
    sentence = Sentence(
        "Bilagan måste vara en PDF eller en bild som JPEG eller PNG. Spara den så och försök igen.",
        "The attachment must be a PDF, or a picture as JPEG or PNG. Save it so and try again.",
    )


class AttachmentTooLarge(Refused):
    """At most 5 MB (S88)."""

    rule = "attachment-too-large"
    sentence = Sentence(
        "Bilagan är för stor, högst 5 MB. Minska bilden eller dela upp dokumentet.",
        "The attachment is too large, at most 5 MB. Make the picture smaller or divide the document.",
    )


class AttachmentEmpty(Refused):
    """A file without content tells nobody anything."""

    rule = "attachment-empty"
    sentence = Sentence(
        "Bilagan är tom. Välj filen igen.",
        "The attachment is empty. Choose the file again.",
    )


class AttachmentInfected(Refused):
    """The virus scanner found something; the file is not kept."""

    rule = "attachment-infected"
    sentence = Sentence(
        "Bilagan innehåller skadlig kod och sparades inte. Kontakta it-supporten.",
        "The attachment contains harmful code and was not kept. Contact IT support.",
    )


class AttachmentNotScanned(Refused):
    """The virus scanner did not answer; what is not scanned is not kept."""

    rule = "attachment-not-scanned"
    sentence = Sentence(
        "Bilagan kunde inte kontrolleras mot virus just nu och sparades inte. Försök igen om en stund, "
        "eller skicka utan bilaga.",
        "The attachment could not be scanned for viruses now and was not kept. Try again in a while, "
        "or send without it.",
    )


class AttachmentTaken(Refused):
    """An attachment belongs to one patient."""

    rule = "attachment-of-another"
    sentence = Sentence(
        "Bilagan hör till en annan patient. Bifoga filen på nytt.",
        "The attachment belongs to another patient. Attach the file again.",
    )


class AttachmentUsed(Refused):
    """A file is attached to one line: who may read it follows from that line's order."""

    rule = "attachment-used"
    sentence = Sentence(
        "Bilagan är redan bifogad på ett annat ställe. Ladda upp filen en gång till och bifoga den.",
        "The attachment is in use elsewhere. Upload the file once more and attach that.",
    )


@dataclass(frozen=True)
class Attached:
    """A file as a line names it; what is said of it never changes."""

    attachment_id: str
    name: str
    """Sealed: it may tell of the patient."""
    file_type: FileType
    size: int
    """Bytes."""


@dataclass(frozen=True)
class Attachment:
    """What is known of a file, and what names it; the file itself is kept apart."""

    file: Attached
    patient_ref: str
    care_unit: str
    uploaded_by: str
    uploaded_at: datetime
    attached: bool = False
    """A line of a basket or an order names it."""
    order_no: str | None = None
    """The order that it went with; None while it lies in a basket."""
    storeroom_no: str | None = None
    """Where that order is taken from."""
    product_area: str | None = None
    orphan_since: datetime | None = None
    """Since when nothing names it; the job that removes orphans finds it by this."""
    removed_at: datetime | None = None

    @property
    def attachment_id(self) -> str:
        return self.file.attachment_id


@dataclass(frozen=True)
class Content:
    """The file itself."""

    content: str | None
    """Base64, sealed; None when it was removed."""


def type_of(content: bytes) -> FileType:
    """Say what a file is by its first bytes; raises the refusals of a file that is not kept (S88)."""
    if not content:
        raise AttachmentEmpty
    if len(content) > LARGEST_BYTES:
        raise AttachmentTooLarge
    for file_type, beginning in BEGINNINGS.items():
        if content.startswith(beginning):
            return file_type
    raise AttachmentTypeRefused


def keep(
    known: Attachment | None, there: Content | None, *, attachment: Attachment, content: Content
) -> Decision[Attachment, Content]:
    """Keep a scanned file; the same upload twice is one."""
    if known is not None:
        return known, there or content, []
    return replace(attachment, orphan_since=attachment.uploaded_at), content, []


def demand_own(known: Attachment, *, patient_ref: str, by: str) -> None:
    """Let a person name only files that the same person uploaded about the patient (S88).

    Raises NotFound, as for a file that is not there, and AttachmentTaken.
    """
    if known.removed_at is not None or known.uploaded_by != by:
        raise NotFound("attachment", known.attachment_id)
    if known.patient_ref != patient_ref:
        raise AttachmentTaken


def demand_free(files: Iterable[Attachment]) -> None:
    """Demand that no line names them yet; raises AttachmentUsed."""
    if any(each.attached for each in files):
        raise AttachmentUsed


def attach(known: Attachment, *, patient_ref: str, by: str) -> Attachment:
    """Note that a line names it; raises NotFound, AttachmentTaken and AttachmentUsed."""
    demand_own(known, patient_ref=patient_ref, by=by)
    demand_free((known,))
    return replace(known, attached=True, orphan_since=None)


def detach(known: Attachment, *, at: datetime) -> Attachment:
    """Note that no line names it any more: it is removed after a while."""
    return replace(known, attached=False, orphan_since=at)


def remove_orphan(known: Attachment, there: Content, *, at: datetime) -> Decision[Attachment, Content]:
    """Remove a file that nothing has named for long; the rest says that there was one."""
    if known.orphan_since is None or at - known.orphan_since < ORPHAN_AFTER:
        return known, there, []
    return replace(known, orphan_since=None, removed_at=at), Content(None), []


def move_attachment(known: Attachment, *, into_ref: str) -> Decision[Attachment]:
    """Write it on the person whose it is now (S65)."""
    return replace(known, patient_ref=into_ref), []
