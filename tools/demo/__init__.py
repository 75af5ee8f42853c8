"""The demo: people, patients, simulated partners, the data of a run, and the flows."""
