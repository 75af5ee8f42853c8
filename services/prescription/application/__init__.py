"""Use cases of prescription: keeping copies of the register, merging, searching, renewing."""
