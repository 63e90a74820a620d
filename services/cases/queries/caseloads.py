"""Who looks after how many cases: counts, for those who share the work out. No rank and no score."""

from collections import Counter, defaultdict

from domain import disclosure
from domain.disclosure import Action, Custody
from domain.vocabulary import Role
from infrastructure.settings import settings
from infrastructure.unit_of_work import UnitOfWork
from services.cases.schemas.caseload import Caseload, CaseloadList
from services.cases.store import caseloads, directory

WARNING = "caseload-warning"


async def of_team(uow: UnitOfWork, team_id: str | None) -> CaseloadList:
    """A supervisor's own team, or all of a manager's agency; raises Hidden. Caseworkers by name."""
    viewer = uow.viewer
    if team_id is None and not viewer.has(Role.MANAGER):
        team_id = viewer.team_id
    disclosure.demand(viewer, Custody(viewer.agency_id, team_id), Action.SEE_CASELOADS)
    uow.audit("list-caseloads", viewer.agency_id)
    agency = (await directory.ask(uow, viewer.agency_id)).agency
    pack = uow.packs.latest(agency.policy if agency else settings().default_policy)
    warning_above = pack.figures.get(WARNING)
    counted: dict[str, dict[str, Counter[str]]] = defaultdict(
        lambda: {"status": Counter(), "risk": Counter()}
    )
    for row in await caseloads.counted(uow, viewer.agency_id, team_id):
        counted[row.caseworker_id]["status"][row.status] += row.cases
        counted[row.caseworker_id]["risk"][row.risk] += row.cases
    duties = await caseloads.duties(uow, viewer.agency_id, team_id)
    items = []
    for caseworker_id, by in sorted(counted.items()):
        cases = by["status"].total()
        open_duties, overdue = duties.get(caseworker_id, (0, 0))
        items.append(
            Caseload(
                caseworker_id=caseworker_id,
                cases=cases,
                by_status=dict(sorted(by["status"].items())),
                by_risk=dict(sorted(by["risk"].items())),
                open_duties=open_duties,
                overdue=overdue,
                warning=warning_above is not None and cases > warning_above,
            )
        )
    return CaseloadList(team_id=team_id, warning_above=warning_above, policy=pack.id, items=items)
