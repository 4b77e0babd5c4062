"""The routes for signing in and out: plain forms, because only an HTTP response can set an HttpOnly cookie."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from vink_chat import handover, operators
from vink_chat.kit import db
from vink_chat.kit.errors import Forbidden, VinkError
from vink_chat.pages.staff import cookie
from vink_chat.web import request_checks
from vink_chat.web.request_checks import LimitedBodyRoute

router = APIRouter(include_in_schema=False, route_class=LimitedBodyRoute)

_SEE_OTHER: Final = 303
Field = Annotated[str, Form(max_length=500)]


@router.post("/auth/sign-in")
async def sign_in(request: Request, login: Field = "", password: Field = "") -> RedirectResponse:
    """Open a session, or return to the form with a refusal."""
    try:
        own_page(request)
        return await _entered(request, login, password)
    except VinkError as refusal:
        return _back("/sign-in", refusal)


@router.post("/auth/accept")
async def accept(
    request: Request, token: Field = "", login: Field = "", password: Field = "", name: Field = ""
) -> RedirectResponse:
    """Accept an invitation, and sign in."""
    try:
        own_page(request)
        await operators.try_link(_address(request))
        await operators.accept(db.transaction, token, login, password, name)
        return await _entered(request, login, password)
    except VinkError as refusal:
        return _back("/welcome", refusal, token=token)


@router.post("/auth/reset")
async def reset(request: Request, token: Field = "", password: Field = "") -> RedirectResponse:
    """Use a reset link; then sign in with the new password."""
    try:
        own_page(request)
        await operators.try_link(_address(request))
        await operators.reset_password(db.transaction, token, password)
    except VinkError as refusal:
        return _back("/welcome", refusal, token=token)
    return RedirectResponse("/sign-in", _SEE_OTHER)


@router.post("/auth/sign-out")
async def sign_out(request: Request) -> RedirectResponse:
    """End this browser's session."""
    answer = RedirectResponse("/sign-in", _SEE_OTHER)
    try:
        own_page(request)
    except VinkError:
        return answer
    async with db.transaction() as tx:
        await handover.sign_out(tx, cookie.token_in(request.headers.get("cookie")))
    cookie.drop(answer)
    return answer


async def _entered(request: Request, login: str, password: str) -> RedirectResponse:
    cookies = request.headers.get("cookie")
    token = await operators.sign_in(
        db.transaction,
        login,
        password,
        address=_address(request),
        user_agent=request.headers.get("user-agent", "")[:400],
        device=cookie.device_in(cookies, login),
    )
    if before := cookie.token_in(cookies):
        # End the session of whoever used this browser before.
        async with db.transaction() as tx:
            await operators.sign_out(tx, before)
    answer = RedirectResponse("/desk/", _SEE_OTHER)
    cookie.put(answer, token)
    cookie.remember_device(answer, login)
    return answer


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def own_page(request: Request) -> None:
    """Refuse a form that another site sent (a browser always names the origin of a POST)."""
    origin = request.headers.get("origin", "")
    # A sandboxed frame sends «null», which is not ours either, and neither is an origin no browser would send.
    if origin and not request_checks.is_own_origin(origin, request.headers.get("host", ""), request.url.scheme):
        raise Forbidden


def _back(path: str, refusal: VinkError, **values: str) -> RedirectResponse:
    # The name of a refusal, never its text: a link must not be able to show a text of its author's choice.
    numbers = {name: str(value) for name, value in refusal.values.items() if isinstance(value, int)}
    query = urlencode({"problem": type(refusal).__name__, **numbers, **values})
    return RedirectResponse(f"{path}?{query}", _SEE_OTHER)
