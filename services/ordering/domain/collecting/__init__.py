"""Collection orders: devices that go from a patient back to the warehouse (S135 to S145, Q54)."""
