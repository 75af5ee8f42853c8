"""The embedded run: real servers, services and demo peers on one machine, without Docker."""
