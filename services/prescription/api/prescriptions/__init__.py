"""Routes about prescriptions: previewed, saved, copied, printed, renewed."""
