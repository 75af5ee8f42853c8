"""What the services tell each other: one module per speaker; messages only ever grow."""
