"""Every test's way to the real servers, and patience with a busy machine."""

from hypothesis import settings

pytest_plugins = ["tests.stack.plugin"]

settings.register_profile("throughline", deadline=None)  # no test asserts how long something takes
settings.load_profile("throughline")
