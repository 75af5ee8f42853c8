"""Pages of money: reconciliation, fees, corrections, waivers, files and tariffs."""
