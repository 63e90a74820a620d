"""The sandbox clock of a story: slow where people act within hours, quick through quiet months.

Every two neighbouring moments of the story get wall time enough to be seen in order, and a longer pause
gets a little more, so that no order of events depends on luck.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from math import log2

from infrastructure.clock import ClockPlan

LEAST = 0.75  # seconds of wall time between two moments, at speed 1
PER_DOUBLING = 0.055  # seconds more for each doubling of the case time between them
MARGIN = timedelta(minutes=1)  # case time before the first moment and after the last


def clock_plan(moments: list[datetime], starts: datetime, speed: float = 1.0) -> ClockPlan:
    """A plan whose first moment comes one second after `starts` (wall, UTC). Speed 2 is twice as quick."""
    wall, points = starts, [(starts, moments[0] - MARGIN)]
    wall += timedelta(seconds=1)
    points.append((wall, moments[0]))
    for before, after in pairwise(moments):
        minutes = max((after - before) / timedelta(minutes=1), 1.0)
        wall += timedelta(seconds=(LEAST + PER_DOUBLING * log2(minutes)) / speed)
        points.append((wall, after))
    return ClockPlan(tuple(points))
