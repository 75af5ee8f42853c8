"""How sentences for people name customer service; its telephone number is a setting."""

from shared.domain.decision import Addressed, Sentence

PHONE = "{customer_service_phone}"
"""Where the number goes; it is filled in when the sentence is said (`shared.http.language`)."""

CALL = Addressed(
    f"Ring kundservice på {PHONE}.",
    f"Call customer service on {PHONE}.",
    to_customer_service=Sentence("", ""),
)
"""Nothing more is said to customer service itself."""
