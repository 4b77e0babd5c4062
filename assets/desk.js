/* What the desk needs beside React: a composer that keeps drafts, keys, alerts until somebody takes. */
(() => {
  "use strict";
  const find = (selector, place = document) => place.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const desk = () => find("[data-desk]");
  const store = (key, value) => { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* private mode */ } };
  const recall = (key) => { try { return localStorage.getItem(key) || ""; } catch { return ""; } };
  let room = "", waiting = -1, wrote = 0, title = "", stick = true, sound = null, taking = "";

  const draftKey = (place = room) => `vink_draft:${place}`, noteKey = (place = room) => `vink_note:${place}`;
  const box = () => find("[data-reply-text]"), kinds = () => [...document.querySelectorAll('[data-reply] [name="kind"]')];
  const isNote = () => kinds().some((kind) => kind.checked && kind.value === "note");
  const answers = () => find("[data-reply]")?.dataset.answers ?? "";

  /* A draft is kept with what it is: what was meant for colleagues must not come back as an answer. */
  function keep(text = box().value) {
    if (correction()) { correction().text = text; return; }
    store(draftKey(), text); store(noteKey(), text && isNote() ? "1" : "");
  }

  /* An empty field begins as an answer, where an answer can be given. A note that was chosen stays one. */
  let chosen = false;
  function choose(note = !answers()) {
    for (const kind of kinds()) kind.checked = (kind.value === "note") === note;
    label();
  }

  function label() {
    const area = box(), { answerHint, noteHint, answerName, noteName, correctName } = area.dataset, note = isNote();
    const [hint, name] = correction() ? ["", correctName] : note ? [noteHint, noteName] : [answerHint, answerName];
    if (area.placeholder !== hint) area.placeholder = hint;
    if (area.getAttribute("aria-label") !== name) area.setAttribute("aria-label", name);
  }

  function grow(area) { area.style.height = "auto"; area.style.height = `${Math.min(area.scrollHeight + 2, 192)}px`; }

  /* A hidden form tells the State what is done here, and in which conversation. */
  function tell(form, values) {
    const place = find(form);
    for (const name in values) place.elements[name].value = values[name];
    place.requestSubmit();
  }

  /* An own message that is being corrected, by conversation; what stood in the composer waits until that is over. */
  const corrections = new Map();
  const correction = () => corrections.get(room);

  function put(text, note) {
    box().value = text;
    choose(note);
    grow(box());
    keep();
    about();
  }

  function about() {
    const bar = find("[data-about]"), one = correction(), shown = one?.was ?? quoted()?.text;
    find("[data-reply]").toggleAttribute("data-corrects", !!one);
    bar.hidden = !shown;
    find("[data-about-text]", bar).textContent = shown ?? "";
  }

  /* Which message the draft answers is kept with it. */
  const quoteKey = (place = room) => `vink_quote:${place}`;
  const parsed = (key) => { try { return JSON.parse(recall(key) || "null"); } catch { return null; } };
  const quoted = () => parsed(quoteKey());

  function quote(message) {
    if (message && correction()) leaveCorrection();
    store(quoteKey(), message && JSON.stringify({ id: message.dataset.message, text: find(".words", message).innerText.slice(0, 200) }));
    about();
    box().focus();
  }

  function correct(row) {
    const { message, own, note } = row.dataset, { draft } = correction() ?? { draft: [box().value, isNote()] };
    corrections.set(room, { id: message, was: own, text: own, note: note === "true", draft });
    put(own, note === "true");
    canned();
    box().focus();
  }

  const lastOwn = () => all(`[data-desk-log] [data-own][data-note="${isNote()}"]`).filter((row) => row.dataset.own).pop();

  function leaveCorrection() {
    const { draft } = correction();
    corrections.delete(room);
    put(...draft);
  }

  /* A draft of the assistant's goes into the empty composer of the conversation that is on the screen when it comes; what is
     being written stays, and the draft is offered beside it. */
  let drafts = "";
  function drafted() {
    const number = desk().dataset.drafts, pressed = document.activeElement;
    if (number === drafts) return;
    drafts = number;
    if (!find("[data-draft]") || box().value || correction() || isNote()) return;
    insertDraft();
    if (pressed?.matches("body,[data-suggest]")) box().focus();
  }

  function insertDraft() {
    const offer = find("[data-draft]"), { text } = offer.dataset;
    offer.hidden = true;
    if (correction()) leaveCorrection();
    put([box().value.trimEnd(), text].filter(Boolean).join("\n\n"), false);
    stick = true;
    find("[data-drop-draft]").click();
  }

  /* First the correction goes, then the quotation; false when there was neither. */
  function leaveAbout() {
    const any = correction() || quoted();
    if (correction()) leaveCorrection(); else if (any) quote(null);
    return !!any;
  }

  function saveCorrection() {
    const one = correction(), text = box().value.trim();
    if (text === one.was) leaveCorrection();
    if (!text || text === one.was) return;
    Object.assign(one, { sent: text, after: find("[data-reply]").dataset.corrected });
    tell("[data-correct]", { conversation_id: room, message_id: one.id, kind: one.note ? "note" : "answer", text });
  }

  /* The server has it: the draft comes back, unless more was typed since. */
  function corrected() {
    const mark = find("[data-reply]")?.dataset.corrected ?? "";
    for (const [place, one] of corrections) {
      if (one.sent === undefined || mark === one.after || !mark.startsWith(`${one.id}:`)) continue;
      if (one.text.trim() !== one.sent) Object.assign(one, { was: one.sent, sent: undefined });
      else if (place === room) leaveCorrection();
      else corrections.delete(place);
    }
  }

  /* The text stays in the composer until the thread shows it: a lost send loses nothing. What was sent is remembered with
     its conversation: another one may be drawn before it is shown there. */
  const sentKey = (place = room) => `vink_sent:${place}`;
  const sent = () => parsed(sentKey());
  function submit(form) {
    if (correction()) { saveCorrection(); return false; }
    const text = box().value.trim(), note = isNote(), quote = quoted()?.id ?? "", before = sent();
    if (!text) return false;
    const again = before?.text === text && before.note === note && before.quote === quote;
    const id = again ? before.id : crypto.randomUUID().replaceAll("-", "");
    store(sentKey(), JSON.stringify({ id, text, note, quote }));
    stick = true;
    wrote = 0;
    form.elements.client_id.value = id;
    form.elements.quote.value = quote;
    return true;
  }

  function settle() {
    const one = sent(), corrects = correction();
    if (!one || !find(`[data-client-id="${one.id}"]`)) return;
    if (corrects) {
      if (corrects.draft[0].trim() === one.text) corrects.draft = ["", !answers()];
    } else if (box()?.value.trim() === one.text) {
      box().value = "";
      grow(box());
      // Who has chosen the other kind since is about to write it.
      if (isNote() === one.note) { chosen = false; choose(); }
    }
    if (quoted()?.id === one.quote) store(quoteKey(), "");
    for (const key of [draftKey, noteKey, sentKey]) store(key(), "");
    if (box()) about();
  }

  let could = "";
  function enter() {
    const next = find("[data-reply]")?.dataset.room || "", can = answers();
    if (next !== room) {
      room = next;
      stick = true;
      chosen = false;
      if (box()) {
        const draft = recall(draftKey()), { text, note } = correction() ?? { text: draft, note: draft ? !!recall(noteKey()) : !can };
        put(text, note);
      }
    } else if (box() && can !== could) {
      // It was taken, or handed over, by whomever.
      if (box().value || correction() || (chosen && isNote())) label(); else choose();
    }
    could = can;
  }

  /* Who has taken a conversation is about to write. */
  function taken() {
    if (!taking || !find('[data-act="finish"]')) return;
    if (taking === room) box()?.focus();
    taking = "";
  }

  function canned() {
    const list = find("[data-canned-list]"), area = box();
    if (!list || !area) return;
    /* The key of the slash writes a full stop on a Russian keyboard. */
    const word = correction() ? undefined : /^[/.](\S*)$/.exec(area.value)?.[1];
    const items = all("[data-canned]");
    let shown = 0;
    for (const item of items) {
      const fits = word !== undefined && item.dataset.canned.startsWith(word.toLowerCase());
      item.parentElement.hidden = !fits;
      shown += fits;
    }
    list.hidden = !shown;
    pick(0);
  }

  const offered = () => find("[data-canned-list]")?.hidden === false ? all("[data-canned]").filter((item) => !item.parentElement.hidden) : [];

  function pick(step) {
    const items = offered(), at = step ? items.findIndex((item) => item.hasAttribute("data-picked")) + step : 0;
    for (const item of all("[data-picked]")) item.removeAttribute("data-picked");
    const picked = items[(at + items.length) % items.length];
    picked?.toggleAttribute("data-picked", true);
    picked?.scrollIntoView({ block: "nearest" });
  }

  /* {имя} is the visitor's name; of one without a name what is left still reads as a sentence. */
  function named(text) {
    const name = find(`aside input[name="name"]`)?.value.trim();
    if (name) return text.replaceAll("{имя}", name);
    const left = text.replace(/^\{имя\}[,!]?\s*/, "").replace(/,?\s*\{имя\}/g, "");
    return left === text ? text : left.charAt(0).toUpperCase() + left.slice(1);
  }

  function insert(item) {
    const area = box();
    area.value = named(item.dataset.text);
    if (answers()) choose(false);
    keep();
    canned();
    grow(area);
    area.focus();
  }

  /* Browsers keep a page silent until somebody touched it. */
  function wake() { try { sound ??= new AudioContext(); sound.resume(); } catch { /* no sound device */ } }
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, wake, { once: true, capture: true });

  /* The queue and what is one's own sound different: who hears it knows whether to look or to answer. */
  const QUEUE = [[0, 660], [0.18, 880]], OWN = [[0, 988], [0.1, 1319], [0.2, 988]];
  function beep(tones = QUEUE) {
    wake();
    try {
      for (const [start, tone] of tones) {
        const source = sound.createOscillator(), volume = sound.createGain();
        source.frequency.value = tone;
        volume.gain.setValueAtTime(0.12, sound.currentTime + start);
        volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + 0.16);
        source.connect(volume).connect(sound.destination);
        source.start(sound.currentTime + start);
        source.stop(sound.currentTime + start + 0.17);
      }
    } catch { /* no sound device */ }
  }
  function ring(wanted, tones) { if (wanted && !(Date.parse(desk().dataset.muted) > Date.now())) beep(tones); }

  /* Of several tabs one tells of a piece of news: the first that was touched, for a browser keeps the others silent. */
  function once(kind, mark, act) {
    if (!navigator.locks || !navigator.userActivation?.hasBeenActive) { act(); return; }
    const key = `vink_told:${kind}`;
    navigator.locks.request(key, () => { if (recall(key) !== mark) { store(key, mark); act(); } });
  }

  /* Chrome on Android shows none without a service worker, and says so by an error: sound and title are left there. */
  function pop(text, tag) { try { new Notification(text, { tag, renotify: true }); } catch { /* see above */ } }

  function notify(text, tag) {
    if (document.hidden && "Notification" in window && Notification.permission === "granted") pop(text, tag);
  }

  /* What needs this operator, before the page's title: unread ones of their own, then who waits for anybody. */
  function count(own, queue) {
    if (!title) title = document.title.replace(/^\([^)]*\) /, "");
    const parts = [own && `●${own}`, queue].filter(Boolean).join(" · "), wanted = parts ? `(${parts}) ${title}` : title;
    if (document.title !== wanted) document.title = wanted;
    if (own + queue !== waiting) navigator.setAppBadge?.(own + queue).catch(() => {});
    waiting = own + queue;
  }

  /* Ring at each new call, and every fifteen seconds while somebody waits and this operator has a free hand. */
  let rang = 0, called = null;
  function alertWaiting() {
    const place = desk(), queue = Number(place?.dataset.waiting) || 0, newest = place?.dataset.called;
    // Not counted yet.
    if (!place?.dataset.mine) return;
    count(marks().length, queue);
    const fresh = called !== null && newest > called, free = queue && place.dataset.mine === "0", sounds = place.dataset.queueSound;
    const again = sounds === "repeated" && free && Date.now() - rang > 15000;
    if (place.dataset.presence === "here" && (fresh || again)) {
      rang = Date.now();
      once("queue", fresh ? newest : `${newest} ${Math.floor(rang / 15000)}`, () => {
        ring(sounds !== "off", QUEUE);
        notify(place.dataset.alert, "vink-waiting");
      });
    }
    if (called === null || newest > called) called = newest;
  }

  /* What lies open before somebody is read; what lies in a tab behind others, or below what is read, is not. */
  let saw = "";
  function look() {
    const last = all("[data-desk-log] [data-message]").pop()?.dataset, mark = `${room}:${last?.message}`;
    if (document.hidden || !stick || !last || !room || mark === saw) return;
    saw = mark;
    tell("[data-seen]", { conversation_id: room, position: last.position });
  }
  document.addEventListener("visibilitychange", () => { lookAway(); if (desk()) look(); });

  /* Ring once for each piece of news in an own conversation: a visitor's words, or what a colleague handed over. */
  let heard = null;
  const marks = () => (desk().dataset.news || "").split(" ").filter(Boolean);
  const reading = (mark) => mark.startsWith(`${room}:`) && !document.hidden && stick;
  function alertOwn() {
    const place = desk();
    if (!place.dataset.mine) return;
    const fresh = heard ? marks().filter((mark) => !heard.has(mark) && !reading(mark)) : [];
    heard = new Set([...(heard || []), ...marks()]);
    if (!fresh.length) return;
    const words = find(`[data-toast="${fresh[0]}"]`)?.innerText.replace("\n", ": ") || place.dataset.alertOwn;
    once("own", fresh.join(" "), () => {
      ring(place.dataset.ownSound === "true", OWN);
      notify(words, "vink-own");
    });
  }
  /* News passes by itself, but not while nobody looks. */
  const lookAway = () => document.documentElement.toggleAttribute("data-away", document.hidden);

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-reply]") && !submit(event.target)) { event.preventDefault(); event.stopPropagation(); }
    if (event.target.matches("[data-reply],[data-typing],[data-seen],[data-correct],[data-go]")) event.preventDefault();
  }, true);

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-reply-text]")) return;
    grow(event.target);
    keep();
    canned();
    if (Date.now() - wrote > 3000 && event.target.value && !isNote() && !correction()) {
      wrote = Date.now();
      tell("[data-typing]", { conversation_id: room });
    }
  });

  document.addEventListener("change", (event) => { if (event.target.matches('[data-reply] [name="kind"]')) { chosen = true; label(); keep(); } });
  /* The keys work again from the open conversation's row, or where that is not shown, from its thread. */
  function leaveComposer() { (find('[data-row][aria-current="true"]') ?? find("[data-desk-log]"))?.focus(); }

  /* Whoever has finished goes on with the next row of those that are shown. */
  function goOn() {
    const rows = all("[data-row]"), at = rows.findIndex((row) => row.dataset.row === room);
    (at < 0 ? find("[data-desk-log]") : rows[at + 1] ?? rows[at - 1] ?? find("[data-desk-log]"))?.focus();
  }

  /* The open conversation is meant, unless another row has the focus. */
  function act(name) {
    const row = document.activeElement?.closest?.("[data-row]");
    if (!row || row.dataset.row === room) find(`[data-act="${name}"]`)?.click();
  }

  function move(step) {
    const rows = all("[data-row]");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (!desk()) return;
    const typing = event.target.matches?.("input,textarea,select");
    if (event.target.matches?.("[data-reply-text]")) {
      const picked = offered().find((item) => item.hasAttribute("data-picked"));
      if (picked && (event.key === "ArrowDown" || event.key === "ArrowUp")) { event.preventDefault(); pick(event.key === "ArrowDown" ? 1 : -1); }
      const plain = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
      if (event.key === "ArrowUp" && plain && !event.target.value && !correction() && lastOwn()) { event.preventDefault(); correct(lastOwn()); }
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        if (picked) insert(picked); else event.target.form.requestSubmit();
      }
      if (event.key === "Escape") { if (picked) find("[data-canned-list]").hidden = true; else if (!leaveAbout()) leaveComposer(); }
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    const acts = {
      ArrowDown: () => move(1), ArrowUp: () => move(-1),
      c: () => act("claim"), с: () => act("claim"), e: () => act("finish"), у: () => act("finish"),
      "/": () => { const area = box(); if (area) { area.focus(); if (!area.value) { area.value = "/"; canned(); } } },
      ".": () => box()?.focus(),
      "?": () => find("[data-help]")?.showModal(),
    };
    if (event.target.matches?.("[role=log]") && event.key.startsWith("Arrow")) return;
    const key = event.code === "Slash" && !event.shiftKey && event.key !== "?" ? "/" : event.key;
    if (acts[key]) { event.preventDefault(); acts[key](); }
  });

  document.addEventListener("click", (event) => {
    const near = (selector) => event.target.closest?.(selector);
    if (near('[data-act="finish"]')) goOn();
    if (near('[data-act="claim"]')) { taking = room; chosen = false; }
    if (near("[data-kind]") && event.detail) box().focus();
    if (near("[data-correct-message]")) correct(near("[data-message]"));
    if (near("[data-insert-draft]")) { insertDraft(); box().focus(); }
    if (near("[data-quote-message]")) quote(near("[data-message]"));
    if (near("[data-leave-about]")) { leaveAbout(); box().focus(); }
    if (near("[data-canned]")) insert(near("[data-canned]"));
    if (near("[data-hit]") && near("[data-hit]").dataset.hit === revealed) { revealed = ""; reveal(); }
    if (near("[data-gap]")) stick = true;
    if (near("[data-back]")) leaving = true;
    if (near("[data-back],[data-row]")) going = null;
    if (near("[data-down]")) {
      stick = true;
      follow();
      find("[data-desk-log]").focus({ preventScroll: true });
    }
    if (near("[data-notify]")) {
      beep();
      if ("Notification" in window) Notification.requestPermission().then((answer) => { if (answer === "granted") pop(desk().dataset.alert, "vink-test"); });
    }
  });

  /* The browser's way back: each opened conversation is a step, kept with the page's own state and hidden from the router. */
  let here = false, going = null, leaving = false;
  /* On the way to another page that page's own step is current while the desk still stands. */
  const away = () => !location.pathname.startsWith("/desk");
  const step = (open, from) => ({ ...history.state, desk: open, from });

  function walk() {
    const open = desk().dataset.open, at = history.state?.desk;
    if (away()) return;
    if (going !== null) {
      if (open === going) going = null;
      return;
    }
    if (open === at) here = true;
    else if (at === undefined) history.replaceState(step(open, null), "");
    // Before the conversation of an earlier visit is drawn, none is; that is no step.
    else if (open) history.pushState(step(open, at), "");
    else if (here && leaving) history.state.from === "" ? history.back() : history.pushState(step("", at), "");
    if (open) here = true;
    leaving = false;
  }

  addEventListener("popstate", (event) => {
    const open = event.state?.desk;
    if (open === undefined || !find("[data-go]") || away()) return;
    event.stopImmediatePropagation();
    if (open === desk().dataset.open) return;
    going = open;
    tell("[data-go]", { conversation_id: open });
  }, true);

  function follow() {
    const log = find("[data-desk-log]");
    if (log && stick) log.scrollTop = log.scrollHeight;
    below();
  }

  /* Opened at a message, the thread shows that one, once. */
  let revealed = "";
  function reveal() {
    const hit = find('[data-marked="true"]'), mark = hit ? find("[data-message]", hit).dataset.message : "";
    if (mark && mark !== revealed) {
      stick = false;
      hit.scrollIntoView({ block: "center" });
    }
    revealed = mark;
  }

  /* Who scrolled up is told how much came since, and the end is one press away. */
  let newest = "";
  function below() {
    const down = find("[data-down-place]");
    if (!down) return;
    const rows = stick ? [] : all("[data-desk-log] [data-message]"), at = rows.findIndex((row) => row.dataset.message === newest);
    if (stick) newest = all("[data-desk-log] [data-message]").pop()?.dataset.message;
    const count = at < 0 ? 0 : rows.length - 1 - at, button = find("[data-down]", down);
    down.toggleAttribute("data-on", !stick);
    if (count) button.dataset.count = count; else delete button.dataset.count;
  }

  document.addEventListener("scroll", (event) => {
    const log = event.target;
    if (!log.matches?.("[data-desk-log]")) return;
    stick = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    below();
    look();
  }, true);

  setInterval(() => { if (desk()) { alertWaiting(); alertOwn(); } }, 1000);
  new MutationObserver(() => {
    if (!desk()) return;
    walk();
    enter();
    settle();
    corrected();
    drafted();
    taken();
    alertWaiting();
    alertOwn();
    reveal();
    look();
    follow();
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-open", "data-waiting", "data-room", "data-presence", "data-mine", "data-marked", "data-news", "data-called", "data-answers", "data-corrected", "data-drafts"] });
})();
