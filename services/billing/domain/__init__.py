"""The rules of billing: tariffs, the ledger, the day's file, invoicing's answers."""
