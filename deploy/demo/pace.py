"""The sandbox clock of a story: slow where people act, quick through quiet hours and months.

At every moment of the story case time nearly stands still for a while, so that what people do and what
follows from it bears the minute of the story, whatever the machine needs for it; then it hurries on to the
next moment. The map is fixed before anything starts, so that no order of events depends on luck.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from math import log2

from infrastructure.clock import ClockPlan

STAY = timedelta(seconds=50)  # case time that passes while it nearly stands still
STAY_TAKES = 1.5  # seconds of wall time, at speed 1
HURRY_TAKES = 0.12  # seconds of wall time between two neighbouring minutes, at speed 1
PER_DOUBLING = 0.05  # seconds more for each doubling of the case time between two moments
LEAD = timedelta(minutes=1)  # case time before the first moment
MINUTE = timedelta(minutes=1)


def clock_plan(moments: list[datetime], starts: datetime, speed: float = 1.0) -> ClockPlan:
    """A plan whose first moment comes about a second after `starts` (wall, UTC).

    `moments` are UTC, rising, whole minutes apart; speed 2 is twice as quick.
    """
    wall = starts + timedelta(seconds=1.2)
    points = [(starts, moments[0] - LEAD), (wall, moments[0])]
    for before, after in pairwise([*moments, moments[-1] + timedelta(hours=2)]):
        wall += timedelta(seconds=STAY_TAKES / speed)
        points.append((wall, before + STAY))
        hurry = HURRY_TAKES + PER_DOUBLING * log2(max((after - before) / MINUTE, 1.0))
        wall += timedelta(seconds=hurry / speed)
        points.append((wall, after))
    return ClockPlan(tuple(points))
