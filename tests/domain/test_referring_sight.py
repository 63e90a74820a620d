"""Who sees what of a referral, and for whom somebody speaks: a row each."""

import pytest

from domain.disclosure import Custody, Viewer
from domain.errors import Hidden
from domain.referral_sight import (
    Part,
    Parties,
    demand_leader,
    demand_party,
    reads_as_provider,
    visible_parts,
)
from domain.referral_states import Party
from domain.vocabulary import ReferralState, Role

CASE = Custody("agency-case", "team-a", caseworker_id="amal-h", supervisor_id="sana-k")
ALL = {Part.JOURNEY, Part.ATTEMPTS, Part.TEXTS, Part.NOTES}


def parties(state: ReferralState = ReferralState.REQUESTED) -> Parties:
    return Parties(CASE, "agency-now", frozenset({"agency-before"}), state)


def somebody(staff_id: str, agency_id: str, *roles: Role) -> Viewer:
    return Viewer(staff_id, agency_id, None, frozenset(roles))


SEEN = [
    (somebody("amal-h", "agency-case", Role.CASEWORKER), ALL),  # the case's caseworker
    (somebody("sana-k", "agency-case", Role.SUPERVISOR), ALL),  # and supervisor
    (somebody("mona-m", "agency-case", Role.MANAGER), {Part.JOURNEY, Part.ATTEMPTS}),
    (somebody("hana-h", "agency-case", Role.AGENCY_HEAD), {Part.JOURNEY, Part.ATTEMPTS}),
    (somebody("pia-p", "agency-now", Role.PROVIDER), {Part.JOURNEY, Part.TEXTS}),
    (somebody("lena-l", "agency-now", Role.SUPERVISOR), {Part.JOURNEY}),  # leads, reads no texts
    (somebody("leo-l", "agency-now", Role.MANAGER), {Part.JOURNEY}),
    (somebody("lia-l", "agency-now", Role.AGENCY_HEAD), {Part.JOURNEY}),
    (somebody("otto-p", "agency-before", Role.PROVIDER), {Part.OWN_ATTEMPT}),  # passed over
    (somebody("lars-l", "agency-before", Role.MANAGER), {Part.OWN_ATTEMPT}),
    (Viewer.system("worker"), {Part.JOURNEY}),
]
UNSEEN = [
    somebody("bela-c", "agency-case", Role.CASEWORKER),  # a colleague without this case
    somebody("amal-h", "agency-case", Role.PROVIDER),  # the right person in another role
    somebody("bela-c", "agency-now", Role.CASEWORKER),  # not employed to receive
    somebody("zoe-p", "agency-later", Role.PROVIDER),  # not asked
    somebody("mara-m", "agency-later", Role.MANAGER),  # leads an agency that has no part in it
    somebody("bela-c", "agency-before", Role.CASEWORKER),
    somebody("olga-o", "agency-case", Role.OPERATIONS),
    somebody("anna-a", "agency-case", Role.ADMINISTRATOR),
]


@pytest.mark.parametrize(("viewer", "parts"), SEEN)
def test_everybody_sees_what_they_need(viewer: Viewer, parts: set[Part]) -> None:
    assert visible_parts(viewer, parties()) == parts


@pytest.mark.parametrize("viewer", UNSEEN)
def test_everybody_else_sees_nothing(viewer: Viewer) -> None:
    with pytest.raises(Hidden):
        visible_parts(viewer, parties())


def test_what_was_taken_back_is_not_read_by_the_provider() -> None:
    provider = somebody("pia-p", "agency-now", Role.PROVIDER)
    assert visible_parts(provider, parties(ReferralState.CANCELLED)) == {Part.JOURNEY}
    assert visible_parts(provider, parties(ReferralState.ENTERED_IN_ERROR)) == {Part.JOURNEY}


def test_the_provider_asked_now_speaks_for_the_receiver_and_nobody_else_does() -> None:
    provider = somebody("pia-p", "agency-now", Role.PROVIDER)
    assert demand_party(provider, parties(), Party.SENDER, Party.RECEIVER) is Party.RECEIVER
    with pytest.raises(Hidden):
        demand_party(provider, parties(), Party.SENDER)
    with pytest.raises(Hidden):
        demand_party(somebody("otto-p", "agency-before", Role.PROVIDER), parties(), Party.RECEIVER)


def test_once_sharing_has_stopped_the_provider_reads_no_texts_and_the_case_still_does() -> None:
    stopped = Parties(CASE, "agency-now", frozenset(), ReferralState.IN_PROGRESS, True)
    assert visible_parts(somebody("pia-p", "agency-now", Role.PROVIDER), stopped) == {Part.JOURNEY}
    assert visible_parts(somebody("amal-h", "agency-case", Role.CASEWORKER), stopped) == ALL


def test_who_leads_the_cases_agency_may_look_at_how_it_shared() -> None:
    for staff_id, role in (("sana-k", Role.SUPERVISOR), ("mona-m", Role.MANAGER)):
        demand_leader(somebody(staff_id, "agency-case", role), parties())
    with pytest.raises(Hidden):
        demand_leader(somebody("pia-p", "agency-now", Role.PROVIDER), parties())


def test_what_the_provider_reads_has_been_shared_by_that() -> None:
    assert reads_as_provider(somebody("pia-p", "agency-now", Role.PROVIDER), parties())
    assert not reads_as_provider(somebody("amal-h", "agency-case", Role.CASEWORKER), parties())
    inside = Parties(CASE, "agency-case", frozenset(), ReferralState.REQUESTED)
    both = Viewer("amal-h", "agency-case", None, frozenset({Role.CASEWORKER, Role.PROVIDER}))
    assert not reads_as_provider(both, inside)  # she knows it from the case
