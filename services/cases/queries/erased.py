"""A record whose words are gone: dates, codes and duties as they stood, and `[erased]` where a word was."""

from domain.erasing import ERASED
from domain.vocabulary import Section
from services.cases.schemas.views import CaseView, NarrativeView

WORDS = {"words": ERASED}


def marked(view: CaseView, seen: frozenset[Section]) -> CaseView:
    """The same sections; a reader sees that something was there, and that it is gone for good."""
    changed: dict[str, object] = {}
    if Section.IDENTITY in seen:
        changed["identity"] = {"name": ERASED}
    if view.registration is not None:
        joined = _narratives(view.registration.joined or []) or None
        words = {"concerns": ERASED, "joined": joined}
        changed["registration"] = view.registration.model_copy(update=words)
    if view.plan is not None:
        actions = [each.model_copy(update={"title": ERASED}) for each in view.plan.actions]
        versions = _narratives(view.plan.versions)
        changed["plan"] = view.plan.model_copy(update={"actions": actions, "versions": versions})
    if view.closure is not None:
        told = _narratives(view.closure.narratives)
        changed["closure"] = view.closure.model_copy(update={"narratives": told})
    if view.consent is not None:
        over = [each.model_copy(update={"holds": False}) for each in view.consent]
        changed["consent"] = over
    for name in ("assessment", "contacts"):
        if getattr(view, name) is not None:
            changed[name] = _narratives(getattr(view, name))
    return view.model_copy(update=changed)


def _narratives(told: list[NarrativeView]) -> list[NarrativeView]:
    return [each.model_copy(update={"content": WORDS}) for each in told]
