"""The facts that services publish, one module per publisher, and parts that several carry; they only grow."""
