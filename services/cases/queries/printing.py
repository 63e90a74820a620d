"""A case file with what its page needs beside: the words that ids and codes in it stand for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case import Case
from infrastructure.crypto import CaseKey
from infrastructure.unit_of_work import UnitOfWork
from services.cases.queries import filing, past, reading
from services.cases.schemas.file import CaseFile
from services.cases.schemas.views import CaseView, Chronology
from services.cases.store import measures, narratives, plan_texts, questions, testimonies

_FOUND = (("needs", "need"), ("risks", "risk"), ("causes", "cause"))


@dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """`subjects`: what an id is about, in the words recorded; `found`: what `need-1` was; `criteria`: titles."""

    file: CaseFile
    as_of: datetime | None
    subjects: dict[str, str]
    found: dict[str, str]
    criteria: dict[str, str]


async def printed(uow: UnitOfWork, typed: str, as_of: datetime | None) -> Printed:
    """Raises Missing, and Hidden alike; with `as_of` as the case stood by what was recorded until then."""
    file = await filing.case_file(uow, typed)
    if as_of is not None:
        file = await _as_it_stood(uow, file, as_of)
    found, _ = await reading.load(uow, file.case.case_ref, filing.EXPORT)
    key = await narratives.key_of(uow, found)
    subjects = _subjects(file.case)
    if key is not None:
        subjects |= await _measures(uow, found, key)
    titles = {name: each.title for name, each in uow.packs.get(found.policy).criteria.items()}
    return Printed(file, as_of, subjects, _found(file.case), titles)


async def _as_it_stood(uow: UnitOfWork, file: CaseFile, as_of: datetime) -> CaseFile:
    lines = [each for each in file.chronology.items if each.recorded_at <= as_of]
    said = file.feedback
    if said is not None:
        said = said.model_copy(
            update={"items": [each for each in said.items if each.received_at <= as_of]}
        )
    stood = await past.case_as_of(uow, file.case.case_ref, as_of)
    changed = {"case": stood, "chronology": Chronology(items=lines), "feedback": said}
    changed["elsewhere"] = None  # only its last word is known here
    return await filing.with_names(uow, file.model_copy(update=changed))


def _subjects(case: CaseView) -> dict[str, str]:
    """Actions by their titles, questions and statements by their words."""
    plan = case.plan
    named = {each.action_id: each.title for each in plan.actions if each.title} if plan else {}
    for told in case.assessment or ():
        content = told.content or {}
        if told.kind == questions.QUESTION and "question" in content:
            named[told.subject_id] = content["question"]
        for place, said in enumerate(content.get("statements") or ()):
            named[str(testimonies.statement_id(UUID(told.id), place))] = said["text"]
    return named


def _found(case: CaseView) -> dict[str, str]:
    """Needs, risks and causes of the newest assessment, as plans refer to them."""
    told = [each.content for each in case.assessment or () if each.kind == testimonies.ASSESSMENT]
    if not told or not told[-1]:
        return {}
    return {
        f"{short}-{number}": words
        for name, short in _FOUND
        for number, words in enumerate(told[-1].get(name, ()), start=1)
    }


async def _measures(uow: UnitOfWork, found: Case, key: CaseKey) -> dict[str, str]:
    plans = await plan_texts.all_of(uow, found, key)
    named = {}
    for version in range(1, found.plan_version + 1):
        words = plan_texts.measures_in(plans.get(version))
        for each in await measures.of_version(uow, found, version) if words else ():
            named[str(each.id)] = plan_texts.text_of(words[each.place])
    return named
