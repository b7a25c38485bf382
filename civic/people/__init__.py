"""Persons, how they sign in, what they consented to, and how they leave.

A person may exist without a phone (a clerk acts for her). Phone, identity number and address are sealed
at rest and found by keyed hash. One-time codes are announced by the signal `code_issued`; the channels
that carry them stand above, in `notices`.
"""
