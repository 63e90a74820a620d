"""Who may change and see what of the directory; a refused look is audited and answers like a missing entry."""

from domain.errors import Hidden
from domain.vocabulary import Role
from infrastructure.unit_of_work import UnitOfWork


def demand_administrator(uow: UnitOfWork) -> None:
    """Raises Hidden: who does not keep the directory finds no such address."""
    if not uow.viewer.has(Role.ADMINISTRATOR):
        _hide(uow, "change-directory", uow.viewer.agency_id)


def demand_staff_sight(uow: UnitOfWork, agency_id: str) -> None:
    """Raises Hidden for anybody but colleagues and administrators."""
    if uow.viewer.agency_id != agency_id and not uow.viewer.has(Role.ADMINISTRATOR):
        _hide(uow, "read-staff", agency_id)


def demand_times_of(uow: UnitOfWork, agency_id: str, staff_id: str) -> None:
    """Hours and absences are recorded by herself, her agency's managers, or an administrator; else Hidden."""
    viewer = uow.viewer
    colleague = viewer.agency_id == agency_id
    if not (
        viewer.has(Role.ADMINISTRATOR)
        or (colleague and viewer.staff_id == staff_id)
        or (colleague and viewer.has(Role.MANAGER))
    ):
        _hide(uow, "record-absence", agency_id)


def demand_gives(uow: UnitOfWork, agency_id: str) -> None:
    """How many places are free is known to those who give the service; others get Hidden."""
    viewer = uow.viewer
    gives = viewer.agency_id == agency_id and viewer.has(Role.PROVIDER, Role.MANAGER)
    if not gives and not viewer.has(Role.ADMINISTRATOR):
        _hide(uow, "change-capacity", agency_id)


def _hide(uow: UnitOfWork, action: str, agency_id: str) -> None:
    uow.audit(action, agency_id, outcome="hidden")
    raise Hidden
