"""The bench that forbids: what we dislike is made to fail, for every test beside an app or in `tests/`."""

pytest_plugins = [
    "tests.guards.database",
    "tests.guards.templates",
    "tests.guards.querysets",
    "tests.guards.pages",
    "tests.guards.network",
    "tests.guards.leftovers",
    "tests.guards.pace",
    "tests.browser",
    "tests.cast",
]
