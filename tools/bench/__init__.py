"""The bench: measures this system and a floor of bare drivers, in one run, in turn."""
