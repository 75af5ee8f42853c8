"""What developers and testers run: command line, embedded system, demo, chaos, bench, generated documents."""
