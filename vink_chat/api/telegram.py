"""Where Telegram pushes updates, when a webhook is wished for. Its secret header is checked by the channel."""

from fastapi import APIRouter, Request, Response

from vink_chat import channels

router = APIRouter()

_LONGEST = 1_000_000


@router.post("/api/telegram", include_in_schema=False)
async def pushed(request: Request) -> Response:
    """Take one update; anything but Telegram's own gets 404, as if nothing were here."""
    secret = request.headers.get("x-telegram-bot-api-secret-token", "")
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _LONGEST or not channels.expects(secret):
        return Response(status_code=404)
    taken = await channels.deliver(secret, await request.body())
    return Response(status_code=200 if taken else 404)
