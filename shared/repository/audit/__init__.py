"""The audit log: chained rows, signed heads, and a patient's extract."""
