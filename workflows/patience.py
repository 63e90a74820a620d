"""How long workflows wait for what answers them: wall time, never a policy of the practice.

| what | one try | between tries | in all | because |
|---|---|---|---|---|
| an announcement, first try | 8 s | - | once | a local activity costs the server half |
| an announcement, Kafka away | 15 s | 1 s, doubling to 60 s | for ever | what has come is said, however late |
| a delivery, first try | 8 s | - | once | nearly all mail leaves at once |
| a delivery | 30 s | 5 s, doubling to 1 h | 24 h | mail servers are away for hours, and there is the list |
| giving a delivery up | 15 s | 5 s, doubling to 10 min | for ever | the record says that nobody was reached |
| after a failure of ours | - | 60 s | for ever | nobody's deadline waits for a repair |
"""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

ONCE = RetryPolicy(maximum_attempts=1)

FIRST_TRY = LocalActivityConfig(start_to_close_timeout=timedelta(seconds=8), retry_policy=ONCE)
ANNOUNCEMENT = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=60)
    ),
)
DELIVERY = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=30),
    schedule_to_close_timeout=timedelta(hours=24),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=5), maximum_interval=timedelta(hours=1)
    ),
)
ABANDONMENT = ActivityConfig(
    start_to_close_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(
        initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10)
    ),
)
AFTER_A_FAILURE = timedelta(seconds=60)
BEFORE_GOING_ON = timedelta(milliseconds=50)  # as short as a timer is; it only parts two tasks
