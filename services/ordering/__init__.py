"""Ordering owns allowances, withdrawals, orders, pick-up points and the dialogue with the distributors.

Tells Withdrawal- Sent and Annulled; Order- Sent, Annulled, Despatched, Delayed, Delivered and Undeliverable.
Hears PatientChanged, PatientsMerged, what becomes of prescribed lines, ArticleChanged and TariffPublished.
"""
