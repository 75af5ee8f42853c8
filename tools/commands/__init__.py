"""What each command of ./sesam does."""
