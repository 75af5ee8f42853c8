"""The nightly comparison of what billing consumed with what it booked."""
