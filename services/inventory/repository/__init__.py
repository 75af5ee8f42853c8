"""What inventory keeps: its articles, and in each process an index to search them."""
