"""Orders of devices and loans as billing knows them, and the fees that follow."""
