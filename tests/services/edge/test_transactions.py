"""The answer is never a lie: it leaves after the commit, and a failed commit is no success."""

from sqlalchemy import text

from infrastructure.db import Database
from infrastructure.http import Router, Uow
from tests.services.edge.builders import a_token, an_api, client_of, count

router = Router()


@router.post("/breaking", status_code=201)
async def break_at_commit(uow: Uow) -> dict[str, str]:
    """A constraint that is looked at only when the transaction commits."""
    for statement in (
        "CREATE TEMPORARY TABLE promised (id int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP",
        "INSERT INTO promised VALUES (1), (1)",
    ):
        await uow.connection.execute(text(statement))
    uow.audit("promised", "TL-1")
    return {"said": "done"}


async def test_commit_that_fails_is_no_success(db: Database) -> None:
    api = an_api(db, routers=[router])
    async with client_of(api, a_token(api.state.key)) as client:
        response = await client.post("/breaking")
    assert response.status_code == 500
    assert "done" not in response.text
    assert await count(db, "SELECT count(*) FROM audit") == 0
