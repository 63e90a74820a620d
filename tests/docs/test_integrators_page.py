"""The page for integrators names what there is."""

import re
from pathlib import Path

from contracts.asyncapi import PREFIX
from contracts.events import REGISTRY, TOPICS
from contracts.generate_schemas import DEADLINE_TOPICS
from infrastructure.cloudevents import Message
from tests.docs.test_example_consumer import an_envelope

PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"
TEXT = PAGE.read_text("utf-8")


def test_every_topic_is_on_the_page() -> None:
    assert set(re.findall(rf"`{re.escape(PREFIX)}([a-z]+)`", TEXT)) == set(TOPICS)
    assert all(f"`{topic}`" in TEXT for topic in DEADLINE_TOPICS)


def test_every_header_that_is_written_is_on_the_page() -> None:
    written = {name for name, _ in Message.of(an_envelope("case.closed.v1"), "cases").headers()}
    assert written <= set(re.findall(r"^\| `([a-z_-]+)` \|", TEXT, re.MULTILINE))


def test_every_type_that_is_named_exists() -> None:
    named = set(re.findall(r"`([a-z-]+\.[a-z-]+\.v1)`", TEXT))
    assert named
    assert named <= set(REGISTRY)


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT):
        assert (PAGE.parent / target).exists(), target
