"""The field's words as closed lists, shared by rules, contracts and records. Source: practice.md."""

from enum import StrEnum

CASE_REF_PATTERN = r"^TL-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$"
CODE_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
PACK_PATTERN = r"^[a-z0-9][a-z0-9-]{0,40}@[0-9]{1,6}$"


class Risk(StrEnum):
    """How likely and how near harm is, as last assessed; `unknown` until somebody has looked."""

    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    IMMINENT = "imminent"


class Source(StrEnum):
    """The six referral sources (practice.md, step 1)."""

    CHILD_OR_FAMILY = "child-or-family"
    COMMUNITY = "community"
    SCHOOL = "school"
    HEALTH = "health"
    AGENCY = "agency"
    LAW_ENFORCEMENT = "law-enforcement"


class Role(StrEnum):
    """What somebody is employed to do."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    AGENCY_HEAD = "agency-head"
    REFERRER = "referrer"
    PROVIDER = "provider"
    REVIEW_CHAIR = "review-chair"
    OPERATIONS = "operations"
    INTEGRATOR = "integrator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


class Relation(StrEnum):
    """What somebody is to one case."""

    OWNER = "owner"
    STAND_IN = "stand-in-of-owner"  # there for the caseworker while she is away
    TEAM = "team"
    SUPERVISOR = "supervisor-of-case"
    SAME_AGENCY = "same-agency"
    INTAKE = "intake-of-agency"  # the case awaits registration at the viewer's own agency
    REFUSED = "refused-at-agency"  # the referral was refused at the viewer's own agency
    SCREENER = "screener-of-refused"  # the viewer recorded a referral that was refused
    PLAN_PARTICIPANT = "plan-participant"
    REFERRER = "referrer-of-case"
    RECEIVER = "referral-receiver"
    REVIEWER = "reviewer"
    TRANSFER_RECEIVER = "transfer-receiver"  # of the agency that is asked to take the case over
    TRANSFER_SENDER = "transfer-sender"  # whoever asked for the transfer
    NAMED = "named-for-a-duty"  # owes one duty on the case, such as the answer to a question
    NONE = "none"


class Section(StrEnum):
    """The parts of a record that are disclosed one by one."""

    REFERENCE = "reference"
    IDENTITY = "identity"
    REGISTRATION = "registration"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    CONTACTS = "contacts"
    DEADLINES = "deadlines"
    CONSENT = "consent"
    CLOSURE = "closure"
    AUDIT = "audit"


class CaseStatus(StrEnum):
    """State words of a case (practice.md, section 5)."""

    IDENTIFIED = "identified"  # referred and screened; not yet registered
    REFUSED = "refused"
    JOINED = "joined"  # about a child whose case was known; what was told is there
    REGISTERED = "registered"
    ASSESSING = "assessing"
    PLANNING = "planning"
    ACTIVE = "active"
    CLOSING = "closing"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Ground(StrEnum):
    """The seven grounds of closure (practice.md, step 7)."""

    GOALS_ACHIEVED = "goals-achieved"
    NO_LONGER_AT_RISK = "no-longer-at-risk"
    FAMILY_ABLE = "family-able"
    MOVED_AWAY = "moved-away"
    CAME_OF_AGE = "came-of-age"
    DIED = "died"
    REFUSES = "refuses"


class ReferralState(StrEnum):
    """As in HL7 SDOH Clinical Care tasks (practice.md, section 5)."""

    DRAFT = "draft"
    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


class RejectionReason(StrEnum):
    """Why a provider declines, or why a request counts as declined."""

    NO_CAPACITY = "no-capacity"
    NOT_ELIGIBLE = "not-eligible"
    OUT_OF_AREA = "out-of-area"
    OTHER_SERVICE_BETTER = "other-service-better"
    SILENCE = "silence"


class ReviewState(StrEnum):
    """Where a periodic review stands."""

    SCHEDULED = "scheduled"
    CONVENED = "convened"
    HELD = "held"
    CANCELLED = "cancelled"


class ReviewOutcome(StrEnum):
    """What a review decides (practice.md, step 6)."""

    NO_CHANGE = "no-change"
    ADJUST = "adjust"
    ADD_SERVICES = "add-services"
    BEGIN_CLOSURE = "begin-closure"


class DeadlineState(StrEnum):
    """Overdue is `open` and past due: computed, never stored."""

    OPEN = "open"
    MET = "met"
    MET_LATE = "met-late"
    WAIVED = "waived"
    CANCELLED = "cancelled"


class SubjectType(StrEnum):
    """What a deadline is about; the bridge routes by it."""

    CASE = "case"
    ACTION = "action"
    FOLLOW_UP = "follow-up"
    CLOSURE = "closure"
    REFERRAL = "referral"
    REVIEW = "review"


class Method(StrEnum):
    """How a follow-up was made (practice.md, step 6)."""

    HOME_VISIT = "home-visit"
    CALL = "call"
    MEETING = "meeting"
    PROVIDER_CHECK = "provider-check"


class Finding(StrEnum):
    """What a follow-up found."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


class Person(StrEnum):
    """Who somebody is to the child, where only the relation may be said."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    FAMILY = "family"
    SCHOOL = "school"
    PROVIDER = "provider"


class Bearer(StrEnum):
    """Who does what a plan or a safety plan asks for (practice.md, step 4)."""

    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    GUARDIAN = "guardian"
    FAMILY = "family"
    SCHOOL = "school"
    PROVIDER = "provider"


class ConsentForm(StrEnum):
    """How a consent was given."""

    WRITTEN = "written"
    SPOKEN = "spoken"
    WITNESSED = "witnessed"


class FeedbackKind(StrEnum):
    """What child or family say on the page of their statement."""

    COMMENT = "comment"
    QUESTION = "question"
    COMPLAINT = "complaint"
    RETURN = "return"  # help is needed again


class NotificationKind(StrEnum):
    """Why somebody is written to."""

    REMINDER = "reminder"
    OPENED = "opened"
    MISSED = "missed"
    ESCALATED = "escalated"
    INVITATION = "invitation"
    REFERRAL = "referral"
    APPROVAL = "approval"
    CHAIR_MISSING = "chair-missing"
