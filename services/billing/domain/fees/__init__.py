"""Fees of withdrawals and of devices: booked, credited, corrected, held, waived."""
