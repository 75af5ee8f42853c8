"""What inventory reads from files that come along with it."""
