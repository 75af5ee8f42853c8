"""What a trial is judged by: the evidence, the invariants, and every piece of goods followed."""
