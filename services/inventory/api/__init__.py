"""What people can ask of the catalogue."""
