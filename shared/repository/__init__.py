"""A service's stored data: state, outbox, inbox and audit, always in one transaction."""

from shared.repository.backend import Contended
from shared.repository.cause import Answer, Asking, Cause, Entry, KeyReused
from shared.repository.deriving import Deriving
from shared.repository.merged import present, present_of
from shared.repository.moments import moment_text
from shared.repository.pages import Page, Place, merged
from shared.repository.reading import Remembered
from shared.repository.refs import Collection, Partial, Ref, Refs, VersionChanged, WrittenByNewer
from shared.repository.repository import Repository

__all__ = [
    "Answer",
    "Asking",
    "Cause",
    "Collection",
    "Contended",
    "Deriving",
    "Entry",
    "KeyReused",
    "Page",
    "Partial",
    "Place",
    "Ref",
    "Refs",
    "Remembered",
    "Repository",
    "VersionChanged",
    "WrittenByNewer",
    "merged",
    "moment_text",
    "present",
    "present_of",
]
