"""Use cases of more than one change, or with the register: keeping its copies, merging, searching."""
