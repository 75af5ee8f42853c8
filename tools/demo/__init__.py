"""The demo: people, patients, the outside peers, what the run is loaded with, and the flows that drive it."""
