"""Flows of the bad days: what goes wrong, and what the system and the people do then."""
