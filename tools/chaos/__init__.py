"""Trials: the whole system on real servers, disturbed on purpose, and what must be true afterwards."""
