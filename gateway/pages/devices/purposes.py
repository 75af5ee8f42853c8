"""Why a device is collected to the warehouse, and what each purpose asks (S142)."""

from typing import Any

from gateway.pages.devices.asking import Options, given
from gateway.web.forms import Form
from gateway.web.words import _


def purposes() -> Options:
    return [
        ("reconditioning", _("Rekonditionering")),
        ("scrapping", _("Skrotning föreslås")),
        ("repair", _("Reparation/avhjälpande underhåll")),
        ("warranty_repair", _("Garantireparation")),
        ("need_ended", _("Behovet upphört")),
    ]


def collection_in(form: Form, number: str = "") -> dict[str, Any] | None:
    """Read the purpose of one device; the fields of several have its number behind their names."""
    at = f":{number}" if number else ""
    if not form.text(f"purpose{at}"):
        return None
    return given(
        purpose=form.text(f"purpose{at}"),
        fault=form.text(f"fault{at}"),
        fault_appears=form.text(f"fault_appears{at}"),
    ) | {
        "is_about_sound": form.text(f"sound{at}") == "yes",
        "form_is_enclosed": form.text(f"enclosed{at}") == "yes",
    }
