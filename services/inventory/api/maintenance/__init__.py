"""Routes of maintenance: intervals, what is due, jobs, and faults (S130 to S134, S149)."""
