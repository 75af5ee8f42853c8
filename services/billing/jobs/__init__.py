"""What billing does again and again, because time passes."""
