/* The frame's side of widget.js. It says what happened to the page around, and hands over what that page asks for.
   The page hears the words of our side, never the visitor's, nor what was said before, nor the visitor's secret.
   Which sites may be around at all is the server's rule (frame-ancestors). */
(() => {
  "use strict";
  if (parent === self) return;
  const CARD = { user: 200, signature: 160, name: 200, email: 320, phone: 40, page: 1000, language: 35, colour: 7, title: 200, arrival: 2000, theme: 5 };
  const ALIVE = ["waiting", "attended"], AGAIN = 5000, LONGEST = 4000;
  const find = (selector) => document.querySelector(selector);
  const chat = () => find("[data-chat]");
  const ready = () => chat()?.dataset.chat === "true";
  const page = document.documentElement;
  const text = (value, limit) => (["string", "number"].includes(typeof value) ? String(value).slice(0, limit) : "");
  const words = (row) => [...row.querySelectorAll(".words")].map((part) => part.innerText).join(" ").replace(/\s+/g, " ").trim().slice(0, LONGEST);

  let home = "", card = null, number = "", asked = 0, known = false, greeted = false, opened = false;
  let position = -1, status = "", rating = 0, told = "";
  const waiting = [];

  /* chat.js keeps what is typed for each visitor apart. */
  const become = (visitor) => document.dispatchEvent(new CustomEvent("vink:visitor", { detail: visitor }));
  const post = (type, more) => { if (home) parent.postMessage({ vink: 1, type, ...more }, home); };
  const wear = (theme) => { if (["light", "dark"].includes(theme)) page.dataset.theme = theme; else delete page.dataset.theme; };
  const full = (on) => page.toggleAttribute("data-full", on);
  full(new URLSearchParams(location.search).get("full") === "1");

  /* What was read, so that a new page of the site knows what is news; each signed visitor has a mark of their own. */
  const who = () => (card?.signature ? card.user : "");
  const mark = () => (who() ? `vink_seen:${who()}` : "vink_seen");
  const read = () => { try { return localStorage.getItem(mark()); } catch { return null; } };
  const keep = (value) => { try { localStorage.setItem(mark(), value); } catch { /* no storage */ } };

  const acts = {
    hello(data) {
      // The loader, which waits for it, knows by it that the chat came.
      post("hello");
      const fresh = {};
      for (const name in CARD) fresh[name] = text(data[name], CARD[name]);
      if (JSON.stringify(fresh) === JSON.stringify(card)) return;
      const before = who();
      card = fresh;
      wear(card.theme);
      // What another visitor's thread holds is no news.
      if (who() !== before) position = -1;
      number = `${Date.now()}-${Math.random()}`.slice(0, 32);
      known = false;
      asked = 0;
      page.dataset.introduction = number;
      become(who());
      look();
    },
    show(data) {
      opened = data.on === true;
      full(data.full === true);
      // On a phone the keyboard on the screen comes only when asked for.
      if (opened && data.focus === true && data.full !== true) find("[data-compose]")?.focus();
      look();
    },
    send(data) {
      if (typeof data.text !== "string" || waiting.length > 20) return;
      waiting.push({ from: who(), text: data.text.slice(0, 40000) });
      look();
    },
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || data?.vink !== 1 || !Object.hasOwn(acts, data.type)) return;
    // A page without an origin cannot say who is here.
    if (origin === "null" && page.dataset.introduction === "?") { page.dataset.introduction = ""; become(""); }
    if (origin === "null" || (home ? origin !== home : data.type !== "hello")) return;
    home = origin;
    acts[data.type](data);
  });

  /* Who the site says is here goes to the server by a hidden form, and holds once the server says its number back. */
  function introduce() {
    const form = find("[data-introduce]");
    if (!form || !card) return;
    known = form.dataset.introduce === number;
    if (known || Date.now() - asked < AGAIN) return;
    asked = Date.now();
    for (const name in CARD) if (form.elements[name]) form.elements[name].value = card[name];
    form.elements.number.value = number;
    form.requestSubmit();
    setTimeout(look, AGAIN + 100);
  }

  function watch() {
    const rows = [...document.querySelectorAll("[data-message]")], at = (row) => Number(row.dataset.position);
    const last = Math.max(0, ...rows.map(at)), first = position < 0;
    for (const row of rows) {
      if (first || at(row) <= position) continue;
      const { message, who } = row.dataset;
      post("message", { id: message, who, text: who === "visitor" ? "" : words(row) });
    }
    position = Math.max(position, last);
    const now = find("[data-status]")?.dataset.status || "", stars = Number(chat().dataset.rating);
    if (!first && now !== status && ALIVE.includes(now)) post("handover", { status: now });
    if (!first && now !== status && now === "closed") post("closed");
    if (!first && stars !== rating && stars) post("rating", { stars });
    status = now;
    rating = stars;
    state(rows, at, last);
  }

  function state(rows, at, last) {
    if ((opened && !document.hidden) || read() === null) keep(last);
    const mark = Number(read() ?? last);
    const unread = rows.filter((row) => at(row) > mark && row.dataset.who !== "visitor").length;
    const unanswered = rows.length > 0 && rows.at(-1).dataset.who === "visitor";
    const expects = unread > 0 || unanswered || ALIVE.includes(status) || find("[data-pending]") !== null;
    const news = JSON.stringify([unread, expects]);
    if (news !== told) post("state", { unread, expects });
    told = news;
  }

  function look() {
    // While another visitor's thread is being read, nothing of it is news.
    if (!ready()) { position = -1; return; }
    introduce();
    if (!known) return;
    if (!greeted) { greeted = true; post("ready"); }
    watch();
    // What was said for a visitor who has left since stays until they are back.
    const ours = waiting.filter((one) => one.from === who());
    waiting.splice(0, waiting.length, ...waiting.filter((one) => one.from !== who()));
    for (const one of ours) document.dispatchEvent(new CustomEvent("vink:send", { detail: one.text }));
  }

  addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented) post("close"); });
  document.addEventListener("visibilitychange", look);
  // A signed visitor's tab leaves nothing that the next visitor of this tab could come back to.
  addEventListener("pagehide", () => { try { if (card?.signature) sessionStorage.removeItem("token"); } catch { /* no storage */ } });
  new MutationObserver(look).observe(page, {
    childList: true, subtree: true, attributes: true,
    attributeFilter: ["data-chat", "data-status", "data-rating", "data-introduce", "data-position"],
  });
})();
