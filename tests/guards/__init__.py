"""Guards: each one patches Django or pytest so that a habit we dislike fails the test that shows it.

`tests/architecture/test_guards.py` breaks each of them on purpose and demands that it bites.
"""
