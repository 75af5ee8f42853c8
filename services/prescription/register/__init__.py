"""The room of the population register: asking it, reading its answers, keeping copies (Q18)."""
