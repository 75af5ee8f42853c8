"""The rules of prescribing: pure functions."""
