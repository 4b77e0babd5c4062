"""The routes by which people come in: what they answer, and what they set."""

import re
import secrets
from collections.abc import Callable

import httpx
import psutil
import pytest

from tests.program import Server
from tests.staff.conftest import LOGIN

SEE_OTHER = httpx.codes.SEE_OTHER


def test_a_session_is_an_http_only_cookie_of_this_site(client: httpx.Client):
    answer = client.post("/auth/sign-in", data=LOGIN)

    assert (answer.status_code, answer.headers["location"]) == (SEE_OTHER, "/desk/")
    cookie = answer.headers["set-cookie"]
    assert re.match(r"vink_session=[\w-]{40,};", cookie)
    flags = {part.strip().casefold() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "secure" not in flags


def test_under_https_the_cookie_stays_there(make_server: Callable[..., Server]):
    settings = {"VINK_ADMIN_LOGIN": LOGIN["login"], "VINK_ADMIN_PASSWORD": LOGIN["password"]}
    server = make_server(settings | {"VINK_PUBLIC_URL": "https://chat.example.ru"})
    server.start_now()

    with httpx.Client(base_url=server.url, trust_env=False) as client:
        answer = client.post("/auth/sign-in", data=LOGIN, headers={"Origin": "https://chat.example.ru"})

    cookie = answer.headers["set-cookie"]
    assert re.match(r"__Host-vink_session=[\w-]{40,};", cookie), "no other host of the domain can set it"
    assert "; secure" in cookie.casefold()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://["])
@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/accept", "/auth/reset"])
def test_a_form_of_another_site_is_refused(client: httpx.Client, origin: str, path: str):
    answer = client.post(path, data=LOGIN | {"token": "x"}, headers={"Origin": origin})

    assert answer.status_code == SEE_OTHER
    assert "problem=Forbidden" in answer.headers["location"]
    assert "set-cookie" not in answer.headers


def test_another_site_signs_nobody_out(client: httpx.Client):
    client.post("/auth/sign-in", data=LOGIN)

    client.post("/auth/sign-out", headers={"Origin": "https://evil.example"})
    assert client.get("/admin/knowledge/export").status_code != httpx.codes.UNAUTHORIZED
    client.post("/auth/sign-out")

    assert client.cookies.get("vink_session") is None


def test_an_unknown_name_and_a_wrong_password_look_the_same(client: httpx.Client):
    known, unknown = {"login": "boss", "password": "wrong-one"}, {"login": "nobody", "password": "wrong-one"}

    told = {client.post("/auth/sign-in", data=form).headers["location"] for form in (known, unknown)}

    assert told == {"/sign-in?problem=InvalidCredentials"}


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(office: Server, client: httpx.Client):
    # Processor time of the program: a busy machine makes an answer late, but not dearer.
    assert office.process
    program = psutil.Process(office.process.pid)

    def cost(login: str) -> float:
        before = program.cpu_times()
        for _ in range(4):
            client.post("/auth/sign-in", data={"login": login, "password": "wrong-one"})
        after = program.cpu_times()
        return after.user + after.system - before.user - before.system

    client.post("/auth/sign-in", data=LOGIN)
    known, unknown = cost("boss"), cost(f"nobody-{secrets.token_hex(4)}")
    client.post("/auth/sign-in", data=LOGIN)

    assert 0.4 < known / unknown < 2.5


def test_the_eleventh_attempt_waits(client: httpx.Client):
    wrong = {"login": "patience", "password": "wrong-one"}

    answers = [client.post("/auth/sign-in", data=wrong).headers["location"] for _ in range(11)]

    assert set(answers[:10]) == {"/sign-in?problem=InvalidCredentials"}
    assert re.fullmatch(r"/sign-in\?problem=TooManyAttempts&minutes=\d", answers[10])


@pytest.mark.parametrize("length", [501, 5000, 200_000])
def test_a_huge_field_is_refused(client: httpx.Client, length: int):
    answer = client.post("/auth/sign-in", data={"login": "x" * length, "password": "y"})

    assert answer.status_code in {413, 422}


def test_the_first_administrator_comes_by_a_link_that_works_once(make_server: Callable[..., Server]):
    server = make_server()
    server.start_now()
    server.wait_for_log(r"/welcome\?token=\S+")
    found = re.search(r"/welcome\?token=(\S+)", server.log)
    assert found
    wish = {"token": found[1], "login": "first", "password": "first-secret-1", "name": "Первая"}

    with httpx.Client(base_url=server.url, trust_env=False) as client:
        first = client.post("/auth/accept", data=wish)
        second = client.post("/auth/accept", data=wish | {"login": "second"})

    assert (first.headers["location"], "set-cookie" in first.headers) == ("/desk/", True)
    assert "problem=LinkExpired" in second.headers["location"]
    assert "set-cookie" not in second.headers
