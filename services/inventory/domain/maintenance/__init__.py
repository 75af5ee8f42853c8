"""Maintenance: what is due, the jobs of technicians, and what may be lent meanwhile (S130, Q56)."""
