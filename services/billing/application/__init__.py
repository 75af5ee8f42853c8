"""Use cases of money: booking, correcting, waiving, closing the day's file, adding up a day."""
