"""Routes of maintenance swaps (S132, Q56)."""

from services.inventory.api.swaps.routes import routes

__all__ = ["routes"]
