"""Upward news. Every signal is sent inside the transaction of what it tells of."""

from django.dispatch import Signal

# A one-time code was made: phone (plain), code (plain), purpose, key (of this code), at.
code_issued = Signal()
# A browser was signed in: person, sign_in, at. Whoever knows more about the person may narrow it
# (`people.services.narrow_sign_ins`).
signed_in = Signal()
# A person closed the account: person, at.
person_left = Signal()
# Who is this, in a few words (a role, a team)? person. Receivers answer with words or None; asked about the
# demo cast.
described = Signal()
# What do you keep about this person? person. Receivers answer with `people.queries.data.Chapter` or None.
data_asked = Signal()
