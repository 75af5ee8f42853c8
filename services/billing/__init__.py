"""Billing. Owns: tariffs, the fee ledger, the day's files to invoicing and what came back.
Tells: TariffPublished, FeeCharged, FeeCredited, FeeInvoiced, every fee entry to invoicing, tasks.
Hears: PatientChanged, WithdrawalSent, WithdrawalAnnulled, invoicing's acknowledgements.
"""
