"""The steps that processes hang on, by their keys in every pack; all other steps are only watched."""

from enum import StrEnum


class Step(StrEnum):
    REGISTRATION = "registration"
    INITIAL_ASSESSMENT = "initial-assessment"
    COMPREHENSIVE_ASSESSMENT = "comprehensive-assessment"
    CASE_PLAN = "case-plan"
    PLAN_ACTION = "plan-action"
    FOLLOW_UP = "follow-up"
    REFERRAL_ANSWER = "referral-answer"
    UNMET_NEED = "unmet-need"
    CLOSURE_REQUEST = "closure-request"
    CLOSURE_APPROVAL = "closure-approval"
    STAND_IN_DECISION = "closure-decision-of-stand-in"
    LOOK_BACK = "look-back"
    ARCHIVE = "archive"
    RETENTION_REVIEW = "retention-review"
    ERASURE_DECISION = "erasure-decision"
    COMPLAINT_ANSWER = "complaint-answer"
    QUESTION_ANSWER = "question-answer"
