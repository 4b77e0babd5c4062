"""The session's token is found among whatever cookies a browser brings."""

import pytest

from vink_chat.pages.staff import cookie

TOKEN = "s3cret-token_of-43-signs"
OWN = f"vink_session={TOKEN}"


@pytest.mark.parametrize(
    "foreign",
    [
        "cart[0]=1",
        'seen={"x": 1}',
        "имя=Анна",
        "note=two words",
        'open="never closed',
        "flag",
        "=nameless",
        "path=/desk",
        "version=2",
        "secure",
        "not_vink_session=x",
        "x" * 9000 + "=1",
    ],
)
def test_a_cookie_of_another_page_of_the_site_keeps_nobody_out(foreign: str):
    assert [cookie.token_in(header) for header in (f"{foreign}; {OWN}", f"{OWN}; {foreign}")] == [TOKEN, TOKEN]


@pytest.mark.parametrize("header", [None, 7, "", "a=b", "not_vink_session=x", "vink_session", "vink_session_two=x"])
def test_where_there_is_none_there_is_none(header: object):
    assert cookie.token_in(header) == ""
