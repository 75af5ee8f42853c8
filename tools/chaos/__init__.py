"""Trials: the whole system on real servers, disturbed on purpose, and the checks afterwards."""
