"""What a region deploys: topology, migration, accounts, and what an operator does by hand."""
