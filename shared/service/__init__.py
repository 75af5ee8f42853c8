"""A service as a process: its definition, its start, its HTTP interface, its jobs, its readiness."""
