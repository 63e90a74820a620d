"""Who stands in which relation to a case while a transfer of it is on the record."""

from dataclasses import replace

import pytest

from domain.transferring import TransferState
from tests.domain.case_builders import a_case
from tests.domain.test_transferring import a_transfer


@pytest.mark.parametrize(
    ("state", "offered_to"),
    [
        (TransferState.REQUESTED, "south"),
        (TransferState.ACCEPTED, "south"),
        (TransferState.DECLINED, "south"),
        (TransferState.WITHDRAWN, None),  # whoever was asked has no part in it any more
    ],
)
def test_case_is_offered_by_whoever_asked_to_the_agency_that_was_asked(state, offered_to) -> None:
    standing = a_transfer(state=state).standing(a_case())
    assert standing == replace(a_case().custody, offered_to=offered_to, offered_by="amal-h")
