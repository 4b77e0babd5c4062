"""The webhook to which Telegram pushes updates, if one is configured. Its secret header is checked by the channel."""

from fastapi import APIRouter, Request, Response

from vink_chat import channels

router = APIRouter()

_LONGEST = 1_000_000
_DIGITS = 12


@router.post("/api/telegram", include_in_schema=False)
async def pushed(request: Request) -> Response:
    """Take one update; anything but Telegram's own gets 404, as if nothing were here.

    A genuine update that is too long, or has no Content-Length, gets 413 or 411 before its body is read.
    """
    secret = request.headers.get("x-telegram-bot-api-secret-token", "")
    length = request.headers.get("content-length", "")
    if not channels.expects(secret):
        return Response(status_code=404)
    if not length.isdecimal():
        return Response(status_code=411)
    if len(length) > _DIGITS or int(length) > _LONGEST:
        return Response(status_code=413)
    taken = await channels.deliver(secret, await request.body())
    return Response(status_code=200 if taken else 404)
