"""Ordering owns allowances, withdrawals, orders and the dialogue with the distributors.

Tells WithdrawalSent and WithdrawalAnnulled; OrderSent, -Annulled, -Despatched, -Delivered and -Undeliverable.
Hears PatientChanged, PrescriptionRegistered, LineAnnulled, LineEnded, ArticleChanged, TariffPublished.
"""
