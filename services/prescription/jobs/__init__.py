"""What prescription does again and again, because time passes."""
