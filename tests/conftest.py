"""Every test's way to the real servers."""

pytest_plugins = ["tests.stack.plugin"]
