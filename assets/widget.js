/* The loader for other sites: <script src="https://CHAT/widget.js" async></script>. Options, API and events: docs/widget.md.
   It draws a button and loads the chat's frame when it is wanted; the frame's side of the talk is frame.js.
   Minified by vink_chat/pages/build.py; vink_chat/pages/widget/loader.py fills in `look` as the administrator wants it. */
(() => {
  "use strict";
  const doc = document, store = "vink_chat", before = window.VinkChat;
  // The line was pasted twice: the first one stays.
  if (typeof before?.open === "function") return;
  const script = doc.currentScript || doc.querySelector('script[src*="/widget.js"]');
  const home = new URL(script.src).origin;
  const look = { colour: "#ffd500", position: "right" };
  const options = { ...look, ...script.dataset, ...before };
  const listeners = {}, waiting = [];
  const phone = matchMedia("(max-width:479px),(max-height:479px)"), seen = window.visualViewport;
  let frame, live, able, opened = false, writing = false, unread = 0;

  const make = (tag, values, ...children) => {
    const made = Object.assign(doc.createElement(tag), values);
    made.append(...children);
    return made;
  };
  const drawing = (path) => {
    const space = "http://www.w3.org/2000/svg", svg = doc.createElementNS(space, "svg"), line = doc.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };

  // A style sheet made by script, in a shadow root: neither the site's styles nor a strict style-src touch it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host{all:initial}
    *{box-sizing:border-box;font:16px/1.4 system-ui,sans-serif}
    button{position:fixed;z-index:2147483001;border:1px solid #0000;cursor:pointer;box-shadow:0 2px 16px #0004;right:calc(20px + env(safe-area-inset-right))}
    button:focus-visible{outline:3px solid #0b57b0;outline-offset:2px}
    .launch{width:60px;height:60px;padding:0;border-radius:50%;background:var(--c);color:var(--i);bottom:calc(20px + env(safe-area-inset-bottom))}
    svg{width:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;vertical-align:middle}
    .open svg:first-child,aside:not(.open) svg+svg,.open .news,b:empty{display:none}
    b{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 6px;border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px}
    .news{bottom:calc(92px + env(safe-area-inset-bottom));max-width:280px;padding:12px 16px;border-radius:16px;background:#fff;color:#17181a;text-align:left;overflow-wrap:anywhere}
    iframe{display:block;position:fixed;z-index:2147483000;right:20px;bottom:92px;width:400px;height:min(680px,100dvh - 112px);border:0;border-radius:16px;box-shadow:0 2px 16px #0004;background:#fff;visibility:hidden;opacity:0}
    .open iframe{visibility:visible;opacity:1}
    .left :is(button,iframe){right:auto;left:calc(20px + env(safe-area-inset-left))}
    @media(prefers-color-scheme:dark){iframe{background:#1a1c1f}}
    @media(prefers-reduced-motion:no-preference){iframe{transition:opacity .15s,visibility .15s}}
    @media print{:host{display:none}}
    @media ${phone.media}{
      aside iframe{inset:var(--t,0) 0 auto!important;width:100%;height:var(--h,100dvh);border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
      aside.open .launch{inset:calc(var(--t,0px) + 10px + env(safe-area-inset-top)) calc(12px + env(safe-area-inset-right)) auto auto;width:44px;height:44px;box-shadow:none}
    }`);
  const badge = make("b"), preview = make("button", { type: "button", className: "news", onclick: () => api.open() });
  const launcher = make("button", { type: "button", className: "launch", onclick: () => api.toggle() },
    drawing("M4 5h16v11H9l-5 4zM8 9h8M8 12h5"), drawing("M6 6l12 12M18 6L6 18"), badge);
  const said = make("div", {}), box = make("aside", {}, launcher, said), root = make("vink-chat");
  said.setAttribute("role", "status");
  root.attachShadow({ mode: "open" }).append(box);
  root.shadowRoot.adoptedStyleSheets = [sheet];

  const ours = () => [root, doc.body].includes(doc.activeElement);
  const language = () => options.language || doc.documentElement.lang || "ru";
  const emit = (event, detail) => (listeners[event] || []).forEach((listen) => { try { listen(detail); } catch (error) { reportError(error); } });
  const tell = (type, more) => live && frame.contentWindow?.postMessage({ vink: 1, type, ...more }, home);
  const show = () => {
    tell("show", { on: opened, full: phone.matches, focus: writing });
    if (live) writing = false;
  };
  const say = (text) => {
    preview.textContent = text.length > 140 ? `${text.slice(0, 139)}…` : text;
    said.replaceChildren(...(text ? [preview] : []));
  };

  function draw() {
    const english = /^en/i.test(language()), colour = /^#[\da-f]{6}$/i.test(options.colour) ? options.colour : look.colour;
    const part = (from) => parseInt(colour.substr(from, 2), 16);
    const title = options.title || (english ? "Chat" : "Чат");
    const label = english ? (opened ? "Close chat" : "Open chat") : opened ? "Закрыть чат" : "Открыть чат";
    root.style.setProperty("--c", colour);
    root.style.setProperty("--i", part(1) * 0.3 + part(3) * 0.59 + part(5) * 0.11 > 140 ? "#000" : "#fff");
    box.className = `${options.position} ${opened ? "open" : ""}`;
    box.ariaLabel = title;
    if (frame) frame.title = title;
    launcher.ariaLabel = unread && !opened ? `${label}, ${english ? "new" : "новых"}: ${unread}` : label;
    launcher.ariaExpanded = opened;
    badge.textContent = opened ? "" : unread || "";
  }

  function hello() {
    const card = { page: options.page || location.href, language: language() };
    for (const name of ["user", "signature", "name", "email", "phone", "colour", "title"]) card[name] = String(options[name] ?? "");
    tell("hello", card);
    show();
  }

  // Words stay here until the chat is live: a frame that loads anew would have forgotten them.
  function pass() {
    while (able && waiting.length) tell("send", { text: waiting.shift() });
  }

  // A page that changes its body by script may have thrown us out; a frame that comes back loads anew.
  function attach() {
    if (!doc.body || root.isConnected) return;
    live = able = false;
    doc.body.append(root);
  }

  function load() {
    attach();
    if (!doc.body || frame) return;
    frame = make("iframe", {
      src: `${home}/embed/?${new URLSearchParams({ hello: 1, lang: language(), ...(phone.matches && { full: 1 }) })}`,
      onload: () => { live = true; able = false; hello(); },
    });
    draw();
    box.append(frame);
  }

  function turn(on, focus) {
    if (opened === on) return;
    opened = on;
    writing = focus;
    if (on) say("");
    draw();
    if (on && focus) frame?.focus();
    if (!on && ours()) launcher.focus();
    // The address may be another one by now.
    hello();
    emit(on ? "open" : "close");
  }

  const api = {
    init(more) {
      Object.assign(options, more);
      for (const event in more?.on) api.on(event, more.on[event]);
      attach();
      draw();
      hello();
      if (String(more?.open ?? false) !== "false") { load(); turn(true); }
      return api;
    },
    open() { load(); turn(true, true); },
    close() { turn(false); },
    toggle() { opened ? api.close() : api.open(); },
    send(text) { load(); waiting.push(String(text)); pass(); },
    on(event, listen) { (listeners[event] ||= []).push(listen); return api; },
  };

  const text = (value) => (typeof value === "string" ? value : "");
  const heard = {
    state({ unread: count, expects }) {
      if (!Number.isInteger(count)) return;
      // A flag, and nothing else, stays with the site: on the next page the answer is waited for.
      try { if (expects === true) localStorage[store] = 1; else localStorage.removeItem(store); } catch { /* no storage */ }
      if (count === unread) return;
      unread = count;
      draw();
      emit("unread", count);
    },
    close: () => api.close(),
    ready() { able = true; pass(); emit("ready"); },
    closed: () => emit("closed"),
    handover: ({ status }) => emit("handover", { status: text(status) }),
    rating: ({ stars }) => emit("rating", { stars: Number(stars) }),
    message({ id, who, text: words }) {
      if (!opened && who !== "visitor") say(text(words));
      emit("message", { id: text(id), who: text(who), text: text(words) });
    },
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (frame && source === frame.contentWindow && origin === home && data?.vink === 1 && Object.hasOwn(heard, data.type)) heard[data.type](data);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // With the focus elsewhere it is the site's own dialog that Escape closes.
    if (!opened) say(""); else if (ours()) api.close();
  });
  phone.addEventListener("change", show);
  // A site that changes its pages by script.
  window.navigation?.addEventListener("navigatesuccess", hello);
  // An on-screen keyboard takes its room from the chat, not from what is written.
  const fit = () => {
    if (seen.scale !== 1) return;
    root.style.setProperty("--h", `${seen.height}px`);
    root.style.setProperty("--t", `${seen.offsetTop}px`);
  };
  for (const event of ["resize", "scroll"]) seen?.addEventListener(event, fit);

  window.VinkChat = api;
  const start = () => {
    let expected = opened || waiting.length;
    try { expected ||= localStorage[store]; } catch { /* no storage */ }
    api.init(options);
    if (expected) load();
  };
  if (doc.body) start(); else addEventListener("DOMContentLoaded", start);
})();
