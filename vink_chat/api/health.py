"""Is the process alive, and can it serve."""

from fastapi import APIRouter, Response

from vink_chat.kit import db

router = APIRouter()


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """Answer while the process runs."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(response: Response) -> dict[str, str]:
    """Answer «ok» when the database reads and takes what is written; else say why not."""
    reason = await db.trouble()
    if not reason:
        return {"status": "ok"}
    response.status_code = 503
    return {"status": "unavailable", "reason": reason}
