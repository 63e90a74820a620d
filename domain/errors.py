"""Every way the platform says no, drawn as one tree.

DomainError
├── Refusal          409  the request is understood and the practice forbids it now
│   └── Outdated     412  the record has changed since it was read
├── Missing          404  there is no such record
│   └── Hidden       404  there is one, and this viewer may not know (answers exactly like Missing; audited)
├── Malformed        422  a field is wrong: which, and what is allowed
│   └── TooLarge     413  the body is larger than is accepted
├── Unauthenticated  401  no valid token
└── Unavailable      503  something the answer needs is down; try again later
"""

from collections.abc import Sequence


class DomainError(Exception):
    """The request could not be carried out."""

    code = "error"
    status = 500

    def __init__(
        self, detail: str = "", *, field: str | None = None, allowed: Sequence[str] | None = None
    ) -> None:
        self.detail = detail or self.title()
        self.field = field
        self.allowed = tuple(allowed) if allowed is not None else None
        super().__init__(self.detail)

    @classmethod
    def title(cls) -> str:
        """First line of the docstring: the message people read."""
        return (cls.__doc__ or cls.code).strip().splitlines()[0]


class Refusal(DomainError):
    """The practice does not allow this now."""

    code = "refused"
    status = 409


class Outdated(Refusal):
    """The record has changed since you read it; nothing was recorded. Read it again."""

    code = "outdated"
    status = 412


class Missing(DomainError):
    """There is no such record, or you may not see it."""

    code = "not-found"
    status = 404


class Hidden(Missing):
    """There is no such record, or you may not see it."""


class Malformed(DomainError):
    """The request has a field that cannot be accepted."""

    code = "malformed"
    status = 422


class TooLarge(Malformed):
    """The body is larger than is accepted."""

    code = "too-large"
    status = 413


class Unauthenticated(DomainError):
    """A valid bearer token is needed."""

    code = "unauthenticated"
    status = 401


class Unavailable(DomainError):
    """Something this answer needs is down; nothing was recorded. Try again."""

    code = "unavailable"
    status = 503
