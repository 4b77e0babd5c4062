/* The loader for other sites: <script src="https://CHAT/widget.js" async></script>. Options, API and events: docs/widget.md.
   It draws a button and loads the chat's frame when it is wanted; the frame's side of the talk is host_bridge.jsx.
   Minified by vink_chat/web/build.py; vink_chat/pages/widget/loader.py fills in `look` as the administrator wants it. */
(() => {
  "use strict";
  // <img name="currentScript"> and its like in the site's texts hide what the document has: the prototype shows it.
  const doc = new Proxy(document, { get(own, name) {
    const found = Reflect.get(Document.prototype, name, own);
    return found?.bind ? found.bind(own) : found;
  } });
  // A plain object of a script; what is named VinkChat in the site's texts is an element or a frame.
  const given = Object(window.VinkChat), before = Object.getPrototypeOf(given) === Object.prototype ? given : {};
  // The line was pasted twice: the first one stays.
  if (before.toggle) return;
  const store = "vink_chat", script = doc.currentScript || doc.querySelector('script[src*="/widget.js"]');
  const home = new URL(script.src).origin;
  const look = { colour: "#ffd500", position: "right", names: ["Чат с Винк", "Chat with Vink"] };
  const options = { ...look, theme: "auto", ...script.dataset, ...before };
  let arrival = `${location.href} ${doc.referrer}`;
  try { arrival = sessionStorage[store] ||= arrival; } catch { /* no storage */ }
  const events = new EventTarget(), waiting = [];
  const phone = matchMedia("(max-width:479px),(max-height:479px)"), seen = window.visualViewport;
  let frame, live, able, down, clock, pause, opened = false, writing = false, unread = 0;

  const make = (tag, values, ...children) => {
    const made = Object.assign(doc.createElement(tag), values);
    made.append(...children);
    return made;
  };

  // A style sheet made by script, in a shadow root: neither the site's styles nor a strict style-src touch it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host{all:initial}
    *{box-sizing:border-box;font:16px/1.4 system-ui}
    aside>*{position:fixed;z-index:2147483001;right:calc(20px + env(safe-area-inset-right));bottom:calc(92px + env(safe-area-inset-bottom));border:1px solid #8886;border-radius:16px;box-shadow:0 2px 16px #0004;background:canvas;color:canvastext}
    .left>*{right:auto;left:calc(20px + env(safe-area-inset-left))}
    .launch{bottom:calc(20px + env(safe-area-inset-bottom));width:60px;height:60px;padding:0;border-radius:60px;background:var(--c);color:var(--i)}
    .launch:before{content:"•••";display:block;width:30px;margin:auto;border:2px solid;border-radius:9px 9px 9px 0;font:14px/20px system-ui}
    .open .launch:before{content:"×";border:0;font-size:36px}
    b{position:absolute;top:-4px;right:-4px;padding:0 6px;border-radius:9px;background:#b3261e;color:#fff}
    :empty:not(iframe){display:none}
    button{cursor:pointer}
    .news{max-width:280px;max-height:280px;padding:12px 16px;overflow-wrap:anywhere;overflow:auto}
    .news *{display:block;padding:4px 0;border:0;background:none;color:inherit;text-align:left}
    .down .news button{border:2px solid;border-radius:9px;padding:12px 16px}
    iframe{width:400px;height:min(680px,100dvh - 112px);visibility:hidden}
    .open:not(.down) iframe{visibility:visible}
    @media print{:host{display:none}}
    @media ${phone.media}{
      aside iframe{inset:var(--t,0) 0 auto!important;width:100%;height:var(--h,100dvh);border:0;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}
      .open:not(.down) .launch{inset:calc(var(--t,0px) + 10px + env(safe-area-inset-top)) calc(12px + env(safe-area-inset-right)) auto auto;width:44px;height:44px}
    }`);
  const badge = make("b"), said = make("div", { className: "news", role: "status" }), root = make("vink-chat");
  const launcher = make("button", { className: "launch", onclick: () => api.toggle() }, badge);
  const box = make("aside", {}, launcher, said);
  root.attachShadow({ mode: "open" }).append(box);
  root.shadowRoot.adoptedStyleSheets = [sheet];

  const ours = () => [root, doc.body].includes(doc.activeElement);
  const language = () => options.language || doc.documentElement.lang || "ru";
  const emit = (event, detail) => events.dispatchEvent(new CustomEvent(event, { detail }));
  const tell = (type, more) => live && frame.contentWindow?.postMessage({ vink: 1, type, ...more }, home);
  const show = () => {
    tell("show", { on: opened, full: phone.matches, focus: writing });
    if (live) writing = false;
  };
  const say = (...parts) => said.replaceChildren(...parts);
  const button = (textContent, onclick) => make("button", { textContent, onclick });

  const words = () => (/^en/i.test(language())
    ? ["Open chat", "Close chat", "new", "Chat is unavailable", "Try again", "New tab", look.names[1]]
    : ["Открыть чат", "Закрыть чат", "новых", "Чат недоступен", "Повторить", "В новой вкладке", look.names[0]]);

  function draw() {
    const colour = /^#[\da-f]{6}$/i.test(options.colour) ? options.colour : look.colour;
    const [open, close, fresh, , , , title] = words();
    // As in Look.ink: white wherever its contrast is 4.5 : 1 or more.
    const light = (from, weight) => ((parseInt(colour.substr(from, 2), 16) / 255 + 0.055) / 1.055) ** 2.4 * weight;
    root.style = `--c:${colour};--i:#${light(1, 0.2126) + light(3, 0.7152) + light(5, 0.0722) > 11 / 60 ? "000" : "fff"};color-scheme:${options.theme === "auto" ? "light dark" : options.theme}`;
    box.className = `${options.position} ${opened && "open"} ${down && "down"}`;
    box.ariaLabel = options.title || title;
    if (frame) frame.title = box.ariaLabel;
    launcher.ariaLabel = opened ? close : unread ? `${open}, ${fresh}: ${unread}` : open;
    launcher.ariaExpanded = opened;
    badge.textContent = opened ? "" : unread || "";
  }

  function hello() {
    // As JSON: without the listeners, which cannot travel.
    tell("hello", JSON.parse(JSON.stringify({ ...options, page: options.page || location.href, language: language(), arrival })));
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
      src: `${home}/embed/?hello=1&lang=${language()}&theme=${options.theme}&full=${+phone.matches}`,
      onload: () => { live = true; able = false; hello(); expect(3000); },
    });
    draw();
    // Below the button, which stands over it on a phone.
    box.prepend(frame);
    expect(8000);
  }

  // A frame that answers nothing was kept away by a server that is down, or by a policy. A page without an origin is never answered.
  function expect(delay) {
    if (origin === "null") return;
    clearTimeout(clock);
    clock = setTimeout(() => {
      down = true;
      draw();
      complain();
      clock = setTimeout(retry, pause = Math.min(pause * 2 || 3000, 60000));
    }, delay);
  }

  function complain() {
    const [, , , sorry, again, apart] = words();
    if (opened) say(sorry, button(again, retry), make("a", { href: home, target: "_blank", textContent: apart }));
  }

  function retry() {
    frame.remove();
    frame = live = able = null;
    load();
  }

  function answered() {
    clearTimeout(clock);
    if (!down) return;
    down = pause = 0;
    say();
    draw();
    if (opened && ours()) frame.focus();
  }

  function turn(on, focus) {
    if (opened === on) return;
    opened = on;
    writing = focus;
    say();
    if (on && down) { complain(); retry(); }
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
      if (!/false/.test(more?.open ?? false)) { load(); turn(true); }
      return api;
    },
    open() { load(); turn(true, true); },
    close() { turn(false); },
    toggle() { opened ? api.close() : api.open(); },
    send(text) { load(); waiting.push(String(text)); pass(); },
    on(event, listen) { events.addEventListener(event, ({ detail }) => listen(detail)); return api; },
  };

  const heard = {
    state({ unread: count, expects }) {
      // A flag, and nothing else, stays with the site: on the next page the answer is waited for.
      try { if (expects) localStorage[store] = 1; else delete localStorage[store]; } catch { /* no storage */ }
      if (count === unread) return;
      unread = count;
      draw();
      emit("unread", count);
    },
    close: () => api.close(),
    ready() { able = true; pass(); emit("ready"); },
    message(message) {
      if (!opened && message.who !== "visitor") say(button(message.text, api.open));
      emit("message", message);
    },
  };
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame?.contentWindow || origin !== home) return;
    const { vink, type, ...detail } = data;
    answered();
    // The rest (closed, handover, rating; hello, which only answers) is the site's to hear as it is.
    heard[type] ? heard[type](detail) : emit(type, detail);
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    // With the focus elsewhere it is the site's own dialog that Escape closes.
    if (!opened) say(); else if (ours()) api.close();
  });
  phone.addEventListener("change", show);
  // A site that changes its pages by script.
  window.navigation?.addEventListener("navigatesuccess", hello);
  // An on-screen keyboard takes its room from the chat, not from what is written.
  const fit = () => { if (seen.scale === 1) box.style = `--h:${seen.height}px;--t:${seen.offsetTop}px`; };
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
