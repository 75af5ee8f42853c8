"""Billing. Owns: tariffs, the fee ledger, waivers, the day's files and what came back, reconciliations.
Tells: TariffPublished, FeeCharged, FeeCredited, FeeInvoiced, every fee entry to invoicing, tasks.
Hears: PatientChanged, PatientsMerged, WithdrawalSent, WithdrawalAnnulled, OrderSent, OrderDelivered,
OrderUndeliverable, OrderAnnulled, DeviceHandedOut, DeviceExchanged, DeviceReturned,
CollectionOrderRegistered, CollectionOrderClosed, CollectionOrderAnnulled, invoicing's acknowledgements.
"""
