"""Use cases of billing: booking, correcting, waiving, closing the day's file, comparing a day."""
