"""The tools every room uses: errors, state machines, pages, sealing of personal data, words.

Knows no domain word and owns no table.
"""
