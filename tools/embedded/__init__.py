"""The embedded run: real servers, services and simulated partners on one machine, without Docker."""
