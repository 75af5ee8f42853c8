"""Ordering's collections of attached files: what is known of them, and the files themselves."""

from datetime import datetime

from services.ordering.domain.devices.attachments import Attachment, Content
from shared.repository import Collection, Repository
from shared.repository.moments import moment_text

ATTACHMENTS = Collection("device_attachments", Attachment, indexes=("orphan_since", "patient_ref"))
CONTENTS = Collection("device_attachment_files", Content)
AT_ONCE = 50
"""So many attachments are read together; none of their files."""


async def orphans(repository: Repository, *, before: datetime) -> list[Attachment]:
    """Give a page of those that nothing has named since then."""
    where = {"orphan_since": {"$lt": moment_text(before)}}
    return await repository.find(ATTACHMENTS, where, limit=AT_ONCE)
