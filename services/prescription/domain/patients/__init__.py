"""Patients: who they are, how they are reached, and what the register says of them."""
