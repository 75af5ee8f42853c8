"""What notification does again and again, because time passes."""
