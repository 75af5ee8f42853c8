"""The five services. Each stands alone: it imports `shared`, and never another service."""

SERVICES = ("prescription", "ordering", "inventory", "billing", "notification")
"""The one list of them."""
