"""What every door for people has: who asks, problem+json, idempotency, strict bodies, limits."""

from shared.http.asking import Ask, AskByNumber, Asked, Language
from shared.http.models import Preview, Reason, Request, View, reasons_of
from shared.http.problems import Forbidden, Problem
from shared.http.router import Router, Webhook

__all__ = [
    "Ask",
    "AskByNumber",
    "Asked",
    "Forbidden",
    "Language",
    "Preview",
    "Problem",
    "Reason",
    "Request",
    "Router",
    "View",
    "Webhook",
    "reasons_of",
]
