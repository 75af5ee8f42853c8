"""Owns patients, prescriptions with their lines, and the rules of who may prescribe what to whom.
Tells PatientChanged, PrescriptionRegistered, LineAnnulled and LineEnded.
Hears ArticleChanged, WithdrawalSent and WithdrawalAnnulled.
"""
