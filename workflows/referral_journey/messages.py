"""What ReferralJourney knows."""

from dataclasses import field

from pydantic.dataclasses import dataclass

from workflows.journey import JourneyState


@dataclass
class ReferralState(JourneyState):
    """`attempt` counts the providers asked, from 1; 0 after a rebuild: whichever it is now."""

    attempt: int = 0
    because: str = ""  # why the next provider is due; empty: it is not
    called_after: list[int] = field(default_factory=list)  # attempts that have had their fallback
    ended: bool = False
