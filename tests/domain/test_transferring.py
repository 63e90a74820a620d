"""A transfer, and above all: never a moment without an owner."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from domain.case import SamePerson, StepOutOfOrder
from domain.consent import Consent, ConsentMissing
from domain.deadlines import Responsible, now_borne_by
from domain.disclosure import Section, visible_sections
from domain.errors import DomainError
from domain.transferring import (
    PURPOSE,
    AlreadyTicked,
    Basis,
    HandoverItem,
    HandoverKind,
    NewOwners,
    OwnTransfer,
    PolicyChoice,
    Transfer,
    TransferAlreadyAsked,
    TransferAnswered,
    TransferConsentOver,
    TransferOvertaken,
    TransferReason,
    TransferState,
    TransferToItself,
    accept,
    basis_of,
    decline,
    request,
    tick,
    withdraw,
)
from domain.vocabulary import CaseStatus, ConsentForm, Person, Role
from tests.domain.case_builders import NOW, a_case, a_viewer

OWNERS = NewOwners("sara", "sal", "team-s")
LATER = NOW + timedelta(days=1)
CONSENT = Consent(UUID(int=1), Person.MOTHER, PURPOSE, ConsentForm.WRITTEN, NOW)


def a_transfer(**changes) -> Transfer:
    facts = {
        "id": UUID(int=2),
        "case_ref": "TL-0000-0000-0",
        "from_agency_id": "north",
        "to_agency_id": "south",
        "to_team_id": None,
        "requested_by": "amal-h",
        "requested_at": NOW,
        "reason": TransferReason.FAMILY_MOVED,
        "basis": Basis.CONSENT,
        "policy_choice": PolicyChoice.KEEP,
    }
    return Transfer(**(facts | changes))


def accepted(case=None, asked=None, owners=OWNERS, consents=(CONSENT,), by="mats"):
    return accept(case or a_case(), asked or a_transfer(), owners, consents, by, LATER)


@pytest.mark.parametrize(
    ("consents", "because", "expected"),
    [
        ([CONSENT], "", Basis.CONSENT),
        ([CONSENT], "danger", Basis.CONSENT),  # what is given comes first
        ([], "danger", Basis.CHILD_PROTECTION),
        ([replace(CONSENT, purpose="referral")], "danger", Basis.CHILD_PROTECTION),
        ([replace(CONSENT, withdrawn_at=NOW)], "danger", Basis.CHILD_PROTECTION),
        ([replace(CONSENT, until=LATER)], "danger", Basis.CHILD_PROTECTION),  # run out by then
    ],
)
def test_transfer_rests_on_consent_or_on_a_reason_to_protect_the_child(
    consents, because, expected
) -> None:
    assert basis_of(consents, because, LATER) is expected


def test_without_consent_and_without_a_reason_nothing_is_shared() -> None:
    with pytest.raises(ConsentMissing) as refused:
        basis_of([], "", NOW)
    assert (refused.value.detail, refused.value.field, refused.value.allowed) == (
        "Record consent to the transfer, or say why the child must be protected without it.",
        "consent",
        ("transfer",),
    )


@pytest.mark.parametrize("status", CaseStatus)
def test_only_a_case_in_work_with_no_closure_asked_for_may_be_transferred(status) -> None:
    allowed = {"registered", "assessing", "planning", "active"}
    if status in allowed:
        assert request(a_case(status), a_transfer(), None) == a_transfer()
        assert accepted(a_case(status))[0].agency_id == "south"
        return
    with pytest.raises(StepOutOfOrder):
        request(a_case(status), a_transfer(), None)
    with pytest.raises(TransferOvertaken):
        accepted(a_case(status))


@pytest.mark.parametrize(
    ("to_agency", "to_team", "is_itself"),
    [
        ("north", None, True),
        ("north", "team-a", True),  # the team that has it
        ("north", "team-b", False),  # another area
        ("south", "team-a", False),  # a team of that name elsewhere
    ],
)
def test_case_goes_elsewhere(to_agency, to_team, is_itself) -> None:
    asked = a_transfer(to_agency_id=to_agency, to_team_id=to_team)
    if is_itself:
        with pytest.raises(TransferToItself) as refused:
            request(a_case(), asked, None)
        assert refused.value.field == "to_agency_id"
    else:
        assert request(a_case(), asked, None) == asked


def test_one_question_at_a_time() -> None:
    with pytest.raises(TransferAlreadyAsked):
        request(a_case(), a_transfer(), a_transfer(id=UUID(int=3)))


def test_acceptance_moves_everything_that_says_whose_the_case_is_and_nothing_else() -> None:
    before = a_case()
    case, answered = accepted(before)
    assert case == replace(
        before, agency_id="south", team_id="team-s", caseworker_id="sara", supervisor_id="sal"
    )
    assert answered == a_transfer(
        state=TransferState.ACCEPTED, answered_by="mats", answered_at=LATER
    )


def test_team_is_the_one_that_was_suggested_when_none_is_named() -> None:
    case, _ = accepted(asked=a_transfer(to_team_id="team-x"), owners=replace(OWNERS, team_id=None))
    assert case.team_id == "team-x"


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"by": "amal-h"}, OwnTransfer),
        ({"consents": ()}, TransferConsentOver),
        ({"consents": (replace(CONSENT, withdrawn_at=NOW),)}, TransferConsentOver),
        ({"case": a_case(agency_id="west")}, TransferOvertaken),
        ({"owners": NewOwners("sara", "sara", None)}, SamePerson),
        ({"asked": a_transfer(state=TransferState.DECLINED)}, TransferAnswered),
        ({"asked": a_transfer(state=TransferState.WITHDRAWN)}, TransferAnswered),
        ({"asked": a_transfer(state=TransferState.ACCEPTED)}, TransferAnswered),
    ],
)
def test_acceptance_is_refused(arguments, refusal) -> None:
    with pytest.raises(refusal):
        accepted(**arguments)


def test_child_protection_needs_no_consent_at_acceptance_either() -> None:
    asked = a_transfer(basis=Basis.CHILD_PROTECTION)
    assert accepted(asked=asked, consents=())[0].agency_id == "south"


@pytest.mark.parametrize(
    ("answer", "state"),
    [(decline, TransferState.DECLINED), (withdraw, TransferState.WITHDRAWN)],
)
def test_answer_is_given_once_with_its_reason(answer, state) -> None:
    answered = answer(a_transfer(), "no-capacity", "mats", LATER)
    assert answered == a_transfer(
        state=state, answered_by="mats", answered_at=LATER, answer="no-capacity"
    )
    for again in (decline, withdraw):
        with pytest.raises(TransferAnswered) as refused:
            again(answered, "other", "mats", LATER)
        said = (refused.value.detail, refused.value.field)
        assert said == (f"The transfer is {state.value}.", "state")


@pytest.mark.parametrize(
    ("state", "may"),
    [("requested", True), ("accepted", True), ("declined", False), ("withdrawn", False)],
)
def test_items_are_ticked_once_while_something_moves(state, may) -> None:
    item = HandoverItem(UUID(int=4), HandoverKind.DOCUMENT, "assessment")
    asked = a_transfer(state=TransferState(state))
    if not may:
        with pytest.raises(TransferAnswered) as refused:
            tick(asked, item, "amal-h", LATER)
        assert refused.value.detail == f"The transfer is {state}."
        return
    ticked = tick(asked, item, "amal-h", LATER)
    assert (ticked.ticked_by, ticked.ticked_at) == ("amal-h", LATER)
    with pytest.raises(AlreadyTicked):
        tick(asked, ticked, "amal-h", LATER)


@pytest.mark.parametrize(
    ("state", "seen"),
    [("requested", True), ("accepted", True), ("declined", True), ("withdrawn", False)],
)
def test_who_was_asked_sees_the_reference_only_and_nothing_once_it_is_withdrawn(
    state, seen
) -> None:
    leader = a_viewer("mats", Role.MANAGER, agency="south")
    custody = a_transfer(state=TransferState(state)).standing(a_case())
    assert visible_sections(leader, custody) == (frozenset({Section.REFERENCE}) if seen else set())


@pytest.mark.parametrize(
    ("bearer", "agencies", "expected"),
    [
        # by role and agency of the bearer: who bears it once sara and sal have the case
        (("north", Role.CASEWORKER, "amal"), ("north", "south"), ("south", "sara")),
        (("north", Role.SUPERVISOR, None), ("north", "south"), ("south", "sal")),
        (("north", Role.MANAGER, "mona"), ("north", "south"), ("south", None)),
        (("north", Role.PROVIDER, None), ("north", "south"), ("north", None)),  # help goes on
        (("west", Role.CASEWORKER, "w"), ("north", "south"), ("west", "w")),
        (("north", Role.CASEWORKER, "amal"), ("north", "north"), ("north", "sara")),
        (("north", Role.MANAGER, "mona"), ("north", "north"), ("north", "mona")),
        (("north", Role.CASEWORKER, "amal"), None, ("north", "sara")),
    ],
)
def test_duties_of_the_sender_go_over_and_those_of_others_stay(bearer, agencies, expected) -> None:
    people = {Role.CASEWORKER: "sara", Role.SUPERVISOR: "sal"}
    found = now_borne_by(Responsible(*bearer), people, agencies)
    assert (found.agency_id, found.person_id) == expected
    assert found.role is bearer[1]


@pytest.mark.parametrize(
    ("owed_by", "role", "expected"),
    [
        ("amal", Role.CASEWORKER, "sara"),  # the former caseworker's own
        ("sofia", Role.SUPERVISOR, "sal"),
        (None, Role.CASEWORKER, "sara"),  # nobody is named: whoever has the place
        ("carl", Role.CASEWORKER, "carl"),  # a question that a colleague owes an answer
        ("sofia", Role.CASEWORKER, "sofia"),  # one that the supervisor owes in a caseworker's place
        ("mona", Role.MANAGER, "mona"),
    ],
)
def test_within_an_agency_only_what_the_former_people_owed_passes_on(
    owed_by, role, expected
) -> None:
    people = {Role.CASEWORKER: "sara", Role.SUPERVISOR: "sal"}
    former = {Role.CASEWORKER: "amal", Role.SUPERVISOR: "sofia"}
    bearer = Responsible("north", role, owed_by)
    found = now_borne_by(bearer, people, ("north", "north"), former)
    assert (found.agency_id, found.role, found.person_id) == ("north", role, expected)


def test_from_one_agency_to_another_everything_goes_over_whoever_owed_it() -> None:
    people, former = {Role.CASEWORKER: "sara"}, {Role.CASEWORKER: "amal"}
    bearer = Responsible("north", Role.CASEWORKER, "carl")
    found = now_borne_by(bearer, people, ("north", "south"), former)
    assert found == Responsible("south", Role.CASEWORKER, "sara")


def test_what_another_agency_owes_stays_with_it_when_the_case_changes_hands() -> None:
    bearer = Responsible("west", Role.CASEWORKER, "wim")
    assert now_borne_by(bearer, {Role.CASEWORKER: "sara"}, ("north", "north")) == bearer


AGENCIES = {"north": ("amal-h", "sofia-k"), "south": ("sara", "sal"), "west": ("wim", "wanda")}


class Transfers(RuleBasedStateMachine):
    """Whatever people ask and answer, in whatever order, the case has two owners of the agency that has it."""

    def __init__(self) -> None:
        super().__init__()
        self.case = a_case()
        self.asked: list[Transfer] = []
        self.now = NOW

    def pending(self) -> Transfer | None:
        found = [each for each in self.asked if each.state is TransferState.REQUESTED]
        assert len(found) <= 1
        return found[0] if found else None

    @rule(to=st.sampled_from(sorted(AGENCIES)), by=st.sampled_from(["amal-h", "sara", "wim"]))
    def ask(self, to: str, by: str) -> None:
        asked = a_transfer(
            id=UUID(int=len(self.asked) + 10),
            from_agency_id=self.case.agency_id,
            to_agency_id=to,
            requested_by=by,
        )
        try:
            self.asked.append(request(self.case, asked, self.pending()))
        except DomainError:
            return

    @rule(
        which=st.integers(0, 5),
        owners=st.sampled_from(sorted(AGENCIES)),
        answer=st.sampled_from(["accept", "decline", "withdraw"]),
        consent=st.booleans(),
        by=st.sampled_from(["mats", "amal-h"]),
    )
    def answer(self, which: int, owners: str, answer: str, consent: bool, by: str) -> None:
        if which >= len(self.asked):
            return
        asked, before = self.asked[which], self.case
        caseworker, supervisor = AGENCIES[asked.to_agency_id]
        try:
            if answer == "accept":
                new = NewOwners(caseworker, supervisor, None)
                given = [CONSENT] if consent else []
                self.case, self.asked[which] = accept(before, asked, new, given, by, self.now)
            else:
                choose = {"decline": decline, "withdraw": withdraw}[answer]
                self.asked[which] = choose(asked, "reason", by, self.now)
                assert self.case is before
        except DomainError:
            assert self.case is before

    @rule(status=st.sampled_from(CaseStatus))
    def case_goes_on(self, status: CaseStatus) -> None:
        self.case = replace(self.case, status=status)

    @invariant()
    def there_is_always_an_owner_of_the_agency_that_has_the_case(self) -> None:
        people = (self.case.caseworker_id, self.case.supervisor_id)
        assert people == AGENCIES[self.case.agency_id]

    @invariant()
    def the_case_is_where_its_last_accepted_transfer_led(self) -> None:
        led = [each for each in self.asked if each.state is TransferState.ACCEPTED]
        assert self.case.agency_id in {each.to_agency_id for each in led} | {"north"}


TestNeverWithoutAnOwner = Transfers.TestCase
