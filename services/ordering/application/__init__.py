"""What people ask of withdrawals, turned into what the rules decide about; and who may see whose."""
