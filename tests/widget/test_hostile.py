"""Sites that are careless, strict or hostile: nothing is revealed, nothing breaks."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.program import Server
from tests.widget.shopper import Shopper
from tests.widget.site import Site

pytestmark = pytest.mark.browser

# Whatever reaches the site's window is written down before the loader sees it.
EAVESDROPPER = """<script>window.overheard = [];
addEventListener("message", event => overheard.push([event.origin, JSON.stringify(event.data)]));</script>"""
NONSENSE = """target => { for (const data of [null, 7, "close", [], {}, {vink: 1}, {vink: 1, type: "hello"},
    {vink: 1, type: "show", on: "yes", full: {}}, {vink: 1, type: "constructor"}, {vink: 1, type: "__proto__"},
    {vink: 1, type: "send", text: {toString: 1}}, {vink: 1, type: "send"}, {vink: 2, type: "send", text: "чужое"},
    {vink: 1, type: "state", unread: "<img>", expects: {}}, {vink: 1, type: "close"},
    {vink: 1, type: "message", who: "assistant", text: "чужое"}, {vink: 1, type: "rating", stars: "чужое"}])
    target.postMessage(data, "*"); }"""


async def test_a_strict_policy_of_the_site_is_enough(browser: Browser, chat: Server, site: Site):
    policy = f"default-src 'none'; script-src {chat.url}; style-src 'none'; frame-src {chat.url}; "
    policy += "require-trusted-types-for 'script'; trusted-types 'none'"
    one = await Shopper.at(browser, site.page(headers={"Content-Security-Policy": policy}), chat_url=chat.url)
    await one.loaded()
    launcher = await one.launcher.bounding_box()
    assert launcher["width"] == 60, "the look is not blocked"

    await one.open()
    answer = await one.ask("Как оплатить заказ?")

    await expect(answer).to_contain_text("картой")
    one.watch.check()


async def test_messages_of_strangers_are_heard_by_neither_side(people_browser: Browser, chat: Server, site: Site):
    own = f'<iframe name="own" width="400" height="600" src="{chat.url}/embed/"></iframe>'
    one = await Shopper.at(people_browser, site.page(body=own + site.line()), chat_url=chat.url)
    own_chat = one.page.frame_locator("[name=own]")
    await expect(own_chat.locator("[data-chat=true]")).to_be_attached(timeout=15_000)
    await one.loaded()
    await one.listen()
    await one.open()
    await one.ask("Как оплатить заказ?")
    await expect(own_chat.locator("[data-message]")).to_have_count(2)
    before = await one.page.evaluate("JSON.stringify(heard)")

    # A frame of a third origin speaks to the page and to the chat beside it; then the page speaks to itself.
    script = (
        f"<script>const say = {NONSENSE}; say(parent); say(parent.frames.own); parent.postMessage('done', '*')</script>"
    )
    stranger = site.page("/stranger", body=script).replace("localhost", "127.0.0.1")
    one.watch.allowed.append(stranger)
    await one.page.evaluate(
        "url => new Promise(done => { addEventListener('message', ({data}) => data === 'done' && done()); "
        "const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); })",
        stranger,
    )
    await one.page.evaluate(
        f"() => new Promise(done => {{ ({NONSENSE})(window); window.postMessage('done', '*'); "
        "addEventListener('message', ({data}) => data === 'done' && done()); })"
    )

    assert await one.page.evaluate("JSON.stringify(heard)") == before
    await expect(one.iframe).to_be_visible()
    await own_chat.get_by_role("textbox", name="Сообщение").fill("Какие есть бренды?")
    await own_chat.get_by_role("button", name="Отправить").click()
    await expect(own_chat.locator("[data-message]")).to_have_count(4, timeout=15_000)
    await expect(one.own).to_have_count(2)
    one.watch.check()


async def test_the_site_itself_may_say_nonsense(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.open()

    await one.page.evaluate(
        f"({NONSENSE})(document.querySelector('vink-chat').shadowRoot.querySelector('iframe').contentWindow)"
    )
    answer = await one.ask("Как оплатить заказ?")

    await expect(answer).to_contain_text("картой")
    await expect(one.own).to_have_count(1)
    one.watch.check()


async def test_the_site_hears_neither_the_secret_nor_what_the_visitor_wrote(
    people_browser: Browser, chat: Server, site: Site
):
    one = await Shopper.at(people_browser, site.page(head=EAVESDROPPER), chat_url=chat.url)
    await one.loaded()
    await one.open()
    await one.ask("Как оплатить заказ, мандрагора?")
    frame = next(frame for frame in one.page.frames if "/embed" in frame.url)
    secret = await frame.evaluate("localStorage.vink_visitor")
    await one.launcher.click()
    await expect(one.iframe).to_be_hidden()

    overheard = await one.page.evaluate("overheard")

    assert len(secret) >= 43
    assert {origin for origin, _ in overheard} == {chat.url}
    assert {json.loads(data)["type"] for _, data in overheard} <= {"hello", "ready", "state", "message", "handover"}
    told = json.dumps(
        [*overheard, await one.page.evaluate("({...localStorage, ...sessionStorage})")], ensure_ascii=False
    )
    assert secret not in told
    assert "мандрагора" not in told


async def test_a_line_pasted_twice_gives_one_chat(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(body=site.line() + site.line()), chat_url=chat.url)
    await one.loaded()

    await one.page.evaluate("VinkChat.init(); VinkChat.init({title: 'Дважды'}); VinkChat.open(); VinkChat.open()")
    await one.live()
    await one.page.evaluate("VinkChat.init({title: 'Трижды'})")

    await expect(one.chat.get_by_role("heading", name="Трижды")).to_be_visible()
    await expect(one.launcher).to_have_count(1)
    await expect(one.iframe).to_have_count(1)
    one.watch.check()


async def test_a_page_that_throws_the_chat_out_can_have_it_back(people_browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(people_browser, site.page(), chat_url=chat.url)
    await one.loaded()
    await one.open()
    await one.ask("Как оплатить заказ?")

    await one.page.evaluate("document.querySelector('vink-chat').remove(); VinkChat.close()")
    await expect(one.launcher).to_have_count(0)
    await one.page.evaluate("document.body.replaceChildren(); VinkChat.toggle()")

    await one.live()
    await expect(one.ours).to_have_count(1)
    await one.page.evaluate("VinkChat.send('Какие есть бренды?')")
    await expect(one.ours).to_have_count(2, timeout=15_000)
    one.watch.check()


async def test_a_sandboxed_page_has_a_chat_without_the_talk_between(browser: Browser, chat: Server, site: Site):
    policy = {"Content-Security-Policy": "sandbox allow-scripts allow-forms"}
    one = await Shopper.at(browser, site.page(headers=policy, head=EAVESDROPPER), chat_url=chat.url)
    # The loader speaks to the chat's own origin only, and a sandbox takes that away.
    one.watch.allowed += ["The target origin provided", "WebSocket", "postMessage"]
    await one.loaded()

    await one.open()
    answer = await one.ask("Как оплатить заказ?")

    await expect(answer).to_contain_text("картой")
    assert await one.page.evaluate("overheard") == []
    await one.launcher.click()
    await expect(one.iframe).to_be_hidden()
    one.watch.check()


async def test_a_sandboxed_frame_of_the_sites_own_has_the_chat(browser: Browser, chat: Server, site: Site):
    frame = (
        f'<iframe name=own sandbox="allow-scripts allow-forms" width=400 height=600 src="{chat.url}/embed/"></iframe>'
    )
    one = await Shopper.at(browser, site.page(body=frame, head=EAVESDROPPER), chat_url=chat.url)
    own = one.page.frame("own")

    await expect(own.locator("[data-chat=true]")).to_be_attached(timeout=15_000)
    await own.get_by_role("textbox", name="Сообщение").fill("Как оплатить заказ?")
    await own.get_by_role("button", name="Отправить").click()

    await expect(own.locator("[data-who=assistant]")).to_contain_text("картой", timeout=15_000)
    assert await one.page.evaluate("overheard") == [], "nobody said hello, so nobody is told"


async def test_a_listener_that_throws_harms_nobody(browser: Browser, chat: Server, site: Site):
    one = await Shopper.at(browser, site.page(), chat_url=chat.url)
    one.watch.allowed.append("сломано")
    await one.loaded()
    await one.page.evaluate("VinkChat.on('open', () => { throw new Error('сломано') })")
    await one.listen()

    await one.open()

    await one.until_heard("open")
    one.watch.check()
