"""Routes of the warehouse about collection orders (S142 to S145, Q54)."""

from services.inventory.api.collecting.closing import routes

__all__ = ["routes"]
