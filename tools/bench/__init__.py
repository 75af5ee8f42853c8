"""The bench: this system and a floor of bare drivers, measured in one run, in turn."""
