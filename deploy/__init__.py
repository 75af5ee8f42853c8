"""How the system is run: the command line, the embedded run and the demo."""
