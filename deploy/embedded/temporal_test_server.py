"""Temporal's time-skipping test server, as a program that takes its port, for the SDK's test environment."""

import os
import shlex
from pathlib import Path

from deploy.embedded.folders import cache_folder
from deploy.embedded.java import class_path_now, java

ENDPOINT = "io.temporal:temporal-test-server:1.38.0+org.slf4j:slf4j-simple:1.7.36"
MAIN = "io.temporal.testserver.TestServer"
JVM = (
    "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
    # It speaks on the terminal of the tests: only what is wrong.
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)  # fmt: skip


def test_server_wrapper() -> Path:
    """An executable file that starts the server on the port it is given; fetches it on first use.

    Raises NoNetwork. Give it as `test_server_existing_path`.
    """
    jars = class_path_now(ENDPOINT)
    command = shlex.join([java(), *JVM, "-cp", jars, MAIN])
    wrapper = cache_folder() / "temporal-test-server"
    script = f'#!/bin/sh\nexec {command} "$@"\n'
    if not wrapper.exists() or wrapper.read_text() != script:
        draft = wrapper.with_suffix(f".{os.getpid()}")  # another process may write one too
        draft.write_text(script)
        draft.chmod(0o755)
        draft.replace(wrapper)
    return wrapper


test_server_wrapper.__test__ = False  # type: ignore[attr-defined]  # a name pytest would collect
