"""The scope matrix (docs/security.md): every address × every role × where the role is held.

`ground.py` builds three neighbourhoods with an order in every state, each marked with words of its own;
`actors.py` says who asks; `addresses.py` turns the URL table into requests; `verdicts.py` says what each
of them must be answered. `tests/architecture/test_scope.py` runs it all.
"""
