"""Loads the plugins every test relies on; the code is in tests/support."""

pytest_plugins = (
    "tests.support.stack",
    "tests.support.database",
    "tests.support.network",
    "tests.support.properties",
    "tests.support.live",
    "tests.support.browser",
)
