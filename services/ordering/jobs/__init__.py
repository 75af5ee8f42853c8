"""What ordering does again and again, because time passes."""
