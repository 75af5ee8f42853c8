"""Prescriptions: prescribed, used, ended, copied."""
