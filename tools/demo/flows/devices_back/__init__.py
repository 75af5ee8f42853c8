"""Flows about devices that go back to the warehouse (S133 to S145)."""
