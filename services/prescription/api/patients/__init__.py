"""Routes about patients: found, shown, registered, reached."""
