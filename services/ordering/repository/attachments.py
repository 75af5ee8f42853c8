"""Queries of attached files: those that nothing names."""

from datetime import datetime

from services.ordering.domain.devices.attachments import Attachment
from services.ordering.repository.collections import ATTACHMENTS
from shared.repository import Repository
from shared.repository.moments import moment_text

AT_ONCE = 50
"""So many attachments are read together; none of their files."""


async def orphans(repository: Repository, *, before: datetime) -> list[Attachment]:
    """Give a page of those that nothing has named since then."""
    where = {"orphan_since": {"$lt": moment_text(before)}}
    return await repository.find(ATTACHMENTS, where, limit=AT_ONCE)
