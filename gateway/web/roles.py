"""Names of roles, as people call them."""

from collections.abc import Iterable

from gateway.web.words import _


def named(roles: Iterable[str]) -> list[str]:
    """Name the roles that people have; those of our own services are left out."""
    names = {
        "prescriber": _("Förskrivare"),
        "physician": _("Läkare"),
        "dietitian": _("Dietist"),
        "order_placer": _("Beställare"),
        "customer_service": _("Kundservice"),
        "store_keeper": _("Förrådspersonal"),
        "technician": _("Tekniker"),
        "economist": _("Ekonom"),
        "operator": _("Driftpersonal"),
        "patient": _("Patient eller vårdnadshavare"),
    }
    return [names[each] for each in roles if each in names]
