"""Who did what, when, to what, and who saw what: append-only and hash-chained.

A line is written in the same transaction as the change it tells of. Lines hang in a few *lanes*, each a
hash chain of its own, so that two writers seldom wait for each other; `civic journal verify` recomputes
every chain. The database refuses to change or delete a line.

Also keeps the idempotency keys of forms (`Submission`): the same form sent twice is answered as the
first time.
"""
