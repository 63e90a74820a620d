"""What was heard on the bus, said in plain words for a timeline."""

from datetime import datetime
from zoneinfo import ZoneInfo

from deploy.demo.listener import Heard

CLOCK = {
    "deadline.opened.v1": ("opened", "cyan"),
    "deadline.reminded.v1": ("reminded", "yellow"),
    "deadline.missed.v1": ("MISSED", "bold red"),
    "deadline.escalated.v1": ("ESCALATED", "bold magenta"),
    "deadline.acknowledged.v1": ("acknowledged", "bold blue"),
}
_PLAIN = {
    "case.identified.v1": "the referral meets the agency's criteria; registration is owed",
    "intake.joined.v1": "the child is known: what was told joins the case in work",
    "case.registered.v1": "case registered, with consent; risk presumed {risk}",
    "initial-assessment.recorded.v1": "initial assessment on the record; risk {risk}",
    "comprehensive-assessment.recorded.v1": "comprehensive assessment on the record: {needs} needs, "
    "{open_questions} open questions",
    "plan.agreed.v1": "version {plan_version} of the plan agreed, {actions} actions",
    "case.refused.v1": "the referral meets no criterion of the agency; answered with a reason: {reason}",
    "case.assigned.v1": "case in the hands of {caseworker_id}, over whom {supervisor_id} looks",
    "case.reopened.v1": "case reopened under its old reference; risk {risk}",
    "risk.changed.v1": "risk {before} before, {after} from now on",
    "follow-up.recorded.v1": "follow-up on the record: {finding}",
    "transfer.requested.v1": "transfer asked of {to_agency_id}: {reason}",
    "transfer.accepted.v1": "transfer accepted; all responsibility moves to {to_agency_id}",
    "transfer.declined.v1": "transfer declined: {reason}",
    "closure.declined.v1": "closure declined: {reason}",
    "serious-incident.flagged.v1": "serious incident flagged for learning: {kind}",
    "consent.recorded.v1": "consent of {given_by} recorded for {purpose}",
    "referral.requested.v1": "referral sent to {to_agency_id} (provider {attempt} of the pathway)",
    "referral.acknowledged.v1": "provider has acknowledged the referral",
    "referral.rejected.v1": "provider declines: {reason}",
    "referral.accepted.v1": "provider accepts the referral",
    "referral.appointment-booked.v1": "appointment booked",
    "referral.service-given.v1": "provider says the service was given",
    "referral.completed.v1": "referral completed: help arrived",
    "referral.on-hold.v1": "help waits: {reason}",
    "referral.resumed.v1": "help goes on",
    "referral.appointment-missed.v1": "the appointment did not take place: {because}",
    "referral.failed.v1": "provider cannot help after all: {reason}",
    "referral.cancelled.v1": "referral taken back: {reason}",
    "referral.entered-in-error.v1": "referral entered in error",
    "referral.exhausted.v1": "no provider of the pathway is left: an unmet need",
    "referral.shared-anew.v1": "what is shared was sent again, as version {version}",
    "referral.sharing-stopped.v1": "consent withdrawn: nothing more is shared with {to_agency_id}",
    "referral.link-issued.v1": "a link was given to {to_agency_id}",
    "referral.link-revoked.v1": "a link leads nowhere any more",
    "review.scheduled.v1": "review {number} scheduled",
    "review.convened.v1": "review convened, chaired by {chair_id}",
    "review.held.v1": "review held: {outcome}",
    "goals.achieved.v1": "goals achieved; the settling period begins",
    "closure.requested.v1": "closure requested on the ground {ground}",
    "case.closed.v1": "case closed, approved by {approved_by}",
    "look-back.recorded.v1": "look back recorded",
    "case.archived.v1": "file archived",
    "referral.fallback-due.v1": "the next provider of the pathway is to be asked ({because})",
    "review.convening-due.v1": "time to convene the review",
}


def said(heard: Heard, zone: ZoneInfo, about: str = "") -> tuple[str, str] | None:
    """(sentence, style) for what a reader should see; None for what would only be noise.

    `about` names the subject, such as `school_meeting`, where the step alone would not tell.
    """
    if heard.type in CLOCK:
        word, style = CLOCK[heard.type]
        return f"{word}: {step(heard, about)}{_tell(heard)}", style
    if heard.type == "deadline.set.v1":
        return (
            f"owed: {step(heard, about)} by {heard.body['responsible']}, due {_when(heard, zone)}",
            "dim",
        )
    if heard.type == "deadline.met.v1":
        late = heard.body["late"]
        return (
            f"{'MET LATE' if late else 'met'}: {step(heard, about)}",
            "bold yellow" if late else "green",
        )
    if heard.type in _PLAIN:
        return _PLAIN[heard.type].format(**heard.body), "white"
    return None


def step(heard: Heard, about: str) -> str:
    text: str = heard.body["step"].replace("-", " ")
    several = heard.body["subject_type"] in ("action", "follow-up")
    return f"{text} ({about.replace('_', ' ')})" if several and about else text


def speaker(heard: Heard) -> str:
    """The process that said it: a service, or the worker whose timer had come."""
    return "worker" if heard.topic == "timekeeping" else heard.topic


def _tell(heard: Heard) -> str:
    if heard.type == "deadline.acknowledged.v1":
        return f" by {heard.body['acknowledged_by']}; the ladder stops"
    return f" (tells {', '.join(heard.body['tell'])})"


def _when(heard: Heard, zone: ZoneInfo) -> str:
    due = datetime.fromisoformat(heard.body["due_at"]).astimezone(zone)
    return f"{due:%a %d %b %H:%M}"
