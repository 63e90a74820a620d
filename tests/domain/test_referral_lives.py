"""Any referral, whatever is tried on it by whichever side and whenever: what always holds."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain import referral_interruptions as interrupted
from domain import referring, sharing
from domain.calendars import WorkCalendar
from domain.directory import Provider
from domain.errors import DomainError
from domain.policy import Limit, Pack
from domain.referral_reasons import CancelReason, FailReason, HoldReason, MissedBecause
from domain.referral_states import ENDED, MOVES, Party
from domain.vocabulary import Person, ReferralState, RejectionReason
from tests.domain.test_referring import CONSENT, NOW, a_referral

S = ReferralState
PACK = Pack(
    "test", 1, "Test", WorkCalendar("UTC", frozenset(), frozenset(), "test"), {}, {},
    periods={"longest-referral-hold": Limit.parse("2 weeks")}, figures={"missed-appointments": 2},
)  # fmt: skip
PROVIDERS = [Provider(f"offer-{n}", f"agency-{n}") for n in range(3)]
PARTIES = st.sampled_from([Party.SENDER, Party.RECEIVER])
DAYS = st.integers(-2, 20).map(lambda days: timedelta(days=days))


class Life(RuleBasedStateMachine):
    """Every command at any moment: it moves the referral as the table allows, or changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.referral = sharing.share(a_referral(), CONSENT)
        self.before = self.referral
        self.now = NOW
        self.served_by_word = False

    def attempt(self, command: object) -> None:
        self.before = self.referral
        try:
            self.referral = command()  # type: ignore[operator]
        except DomainError:
            self.referral = self.before

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        self.before = self.referral
        self.now += timedelta(hours=hours)

    @rule(provider=st.sampled_from(PROVIDERS))
    def ask(self, provider: Provider) -> None:
        if provider.agency_id not in self.referral.asked:
            self.attempt(lambda: referring.ask(self.referral, provider, self.now))

    @rule()
    def acknowledge(self) -> None:
        self.attempt(lambda: referring.acknowledge(self.referral, self.now))

    @rule()
    def accept(self) -> None:
        self.attempt(lambda: referring.accept(self.referral, self.now))

    @rule(reason=st.sampled_from(list(RejectionReason)))
    def reject(self, reason: RejectionReason) -> None:
        self.attempt(lambda: referring.reject(self.referral, reason, self.now))

    @rule()
    def fall_silent(self) -> None:
        self.attempt(lambda: referring.pass_over(self.referral, self.now))

    @rule()
    def exhaust(self) -> None:
        self.attempt(lambda: referring.exhaust(self.referral, self.now))

    @rule(ahead=DAYS)
    def book(self, ahead: timedelta) -> None:
        self.attempt(lambda: referring.book(self.referral, self.now + ahead, self.now))

    @rule(because=st.sampled_from(list(MissedBecause)))
    def miss(self, because: MissedBecause) -> None:
        at = self.referral.appointment_at or self.now
        self.attempt(lambda: interrupted.miss_appointment(self.referral, at, because, self.now))

    @rule(ahead=DAYS, reason=st.sampled_from(list(HoldReason)))
    def hold(self, ahead: timedelta, reason: HoldReason) -> None:
        until = self.now + ahead
        self.attempt(lambda: interrupted.hold(self.referral, reason, until, self.now, PACK))

    @rule()
    def resume(self) -> None:
        self.attempt(lambda: interrupted.resume(self.referral))

    @rule(reason=st.sampled_from(list(FailReason)))
    def fail(self, reason: FailReason) -> None:
        self.attempt(lambda: interrupted.fail(self.referral, reason, self.now))

    @rule(ago=st.integers(-5, 50))
    def serve(self, ago: int) -> None:
        at = self.now - timedelta(hours=ago)
        self.attempt(lambda: referring.serve(self.referral, at, self.now))
        self.served_by_word |= self.referral is not self.before

    @rule(
        confirmed=st.booleans(),
        by=st.sampled_from([None, Person.CHILD]),
        reason=st.sampled_from([None, " ", "away"]),
    )
    def complete(self, confirmed: bool, by: Person | None, reason: str | None) -> None:
        self.attempt(
            lambda: referring.complete(
                self.referral, confirmed=confirmed, by=by, reason=reason, at=self.now
            )
        )

    @rule(party=PARTIES, reason=st.sampled_from(list(CancelReason)))
    def cancel(self, party: Party, reason: CancelReason) -> None:
        self.attempt(lambda: referring.cancel(self.referral, reason, party, self.now))

    @precondition(lambda self: sharing.stops_on_withdrawal(self.referral, CONSENT))
    @rule()
    def withdraw(self) -> None:
        self.attempt(lambda: sharing.stop(self.referral, self.now))

    @invariant()
    def a_state_changes_only_as_the_table_allows(self) -> None:
        before, after = self.before.state, self.referral.state
        assert before is after or after in MOVES[before]

    @invariant()
    def what_has_ended_says_when_and_stays_ended(self) -> None:
        referral, before = self.referral, self.before
        assert (referral.state in ENDED) == (referral.ended_at is not None)
        if before.state in ENDED and referral.state is not S.ENTERED_IN_ERROR:
            same = replace(referral, sharing_stopped_at=before.sharing_stopped_at)
            assert same == before

    @invariant()
    def completed_means_help_by_the_providers_word_and_a_voice_or_a_reason(self) -> None:
        if self.referral.state is S.COMPLETED:
            assert self.served_by_word
            assert self.referral.service_given_at is not None
            assert self.referral.confirmed is not None
            assert self.referral.confirmed == (self.referral.confirmed_by is not None)

    @invariant()
    def a_hold_has_an_end_and_nothing_else_has_one(self) -> None:
        assert (self.referral.state is S.ON_HOLD) == (self.referral.hold_until is not None)

    @invariant()
    def an_appointment_is_only_where_help_is_under_way(self) -> None:
        if self.referral.appointment_at is not None and self.referral.state not in ENDED:
            assert self.referral.state is S.IN_PROGRESS

    @invariant()
    def history_only_grows(self) -> None:
        earlier, now = self.before.attempts, self.referral.attempts
        assert [each.provider for each in now[: len(earlier)]] == [
            each.provider for each in earlier
        ]
        assert now[: max(len(earlier) - 1, 0)] == earlier[:-1]
        assert self.referral.missed >= self.before.missed

    @invariant()
    def nobody_is_asked_twice_and_one_at_a_time(self) -> None:
        attempts = self.referral.attempts
        assert len({each.provider.agency_id for each in attempts}) == len(attempts)
        assert all(each.rejected_because is not None for each in attempts[:-1])

    @invariant()
    def withdrawn_consent_leaves_nothing_waiting_for_help(self) -> None:
        if self.referral.sharing_stopped_at is not None:
            helped = self.referral.service_given_at is not None
            assert helped or self.referral.state in ENDED


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAnyReferral = Life.TestCase
