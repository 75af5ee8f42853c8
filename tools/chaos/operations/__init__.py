"""Operations: each brings a process to the fault points of one step, and knows the expected result."""
