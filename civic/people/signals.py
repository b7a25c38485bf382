"""Upward news."""

from django.dispatch import Signal

# A one-time code was made: phone (plain), code (plain), purpose, at. Sent inside the transaction.
code_issued = Signal()
# A person closed the account: person, at. Sent inside the transaction.
person_left = Signal()
