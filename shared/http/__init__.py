"""HTTP for every service: authentication, problem+json, idempotency, strict bodies, limits."""

from shared.http.asking import Ask, AskByNumber, Asked, AskedByNumber, Language
from shared.http.models import Preview, Reason, ReasonText, Request, View, reasons_of
from shared.http.pages import NotACursor, Pages, Paging
from shared.http.problems import Forbidden, Problem
from shared.http.router import Router, Webhook

__all__ = [
    "Ask",
    "AskByNumber",
    "Asked",
    "AskedByNumber",
    "Forbidden",
    "Language",
    "NotACursor",
    "Pages",
    "Paging",
    "Preview",
    "Problem",
    "Reason",
    "ReasonText",
    "Request",
    "Router",
    "View",
    "Webhook",
    "reasons_of",
]
