"""The widget is light or dark as the site says, or as the visitor's system is; its ink is readable on every colour."""

import json
import re
import subprocess
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.program import Server
from tests.schema import ROOT
from tests.widget.shopper import Shopper
from tests.widget.site import Site
from vink_chat import preferences
from vink_chat.web import build

LIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.querySelector("[data-chat]")).backgroundColor.match(/[\\d.]+/g);
  return (Number(red) + Number(green) + Number(blue)) / 3;
}"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("theme", "system", "is_dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ("auto", "dark", True),
        ("light", "dark", False),
        ("dark", "light", True),
    ],
)
async def test_the_chat_is_as_dark_as_the_site_or_the_system_says(
    browser: Browser, chat: Server, site: Site, theme: str, system: Any, is_dark: bool
):
    address = site.page(attributes=f'data-theme="{theme}"' if theme else "")
    shopper = await Shopper.at(browser, address, chat_url=chat.url, color_scheme=system)
    await shopper.loaded()
    await shopper.open()

    lightness = await (await shopper.frame()).evaluate(LIGHTNESS)

    assert (lightness < 100) is is_dark, lightness
    shopper.watch.check()


def _inks_of_the_widget(colours: list[str]) -> list[str]:
    """Ask the widget's own lines for the text colour on each colour."""
    source = (ROOT / "assets" / "widget.js").read_text(encoding="utf-8")
    light = re.search(r"const light = .*;", source)
    ink = re.search(r"#\$\{(light\(1.*?\"fff\")\}", source)
    assert light, "the widget no longer says how light a colour is"
    assert ink, "the widget no longer chooses its ink"
    script = (
        f"const inks = {json.dumps(colours)}.map((colour) => {{ {light[0]} return {ink[1]}; }});"
        "console.log(JSON.stringify(inks));"
    )
    done = subprocess.run(  # noqa: S603  our own script
        ["node", "-e", script],  # noqa: S607  from the wheel: see build.environment
        env=build.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_widget_and_chat_choose_the_same_ink_on_every_colour():
    steps = [*range(0, 256, 8), 255]
    colours = [f"#{red:02x}{green:02x}{blue:02x}" for red in steps for green in steps[::2] for blue in steps[::2]]
    # Where black takes over from white, each step counts.
    colours += [f"#{grey:02x}{grey:02x}{grey:02x}" for grey in range(256)]

    chat = [preferences.validated(preferences.Look, colour=colour).ink for colour in colours]

    widget = _inks_of_the_widget(colours)
    assert [
        (colour, mine, theirs)
        for colour, mine, theirs in zip(colours, chat, widget, strict=True)
        if mine != f"#{theirs * 2}"
    ] == []
