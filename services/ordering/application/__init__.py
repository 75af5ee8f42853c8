"""Use cases of withdrawals: reading what the rules need, and deciding who may see whose."""
