/* What the visitor's panel needs beside React: an outbox that loses nothing, a composer that grows, a calm scroll.
   The State is reached through one hidden form; a message stays in the outbox until it is seen in the log. */
(() => {
  "use strict";
  const STORE = "vink_outbox", DRAFT = "vink_draft", CONTACTS = "vink_contacts", LIMIT = 4000, FIRST_TRY = 6000, LATE = 8000, NEAR = 80, SHOWN = 600;
  const find = (selector, place = document) => place.querySelector(selector);
  const chat = () => find("[data-chat]");

  /* On another site that site first says who is here: frame.js writes down the number of its word, and until the server
     has heard that one («introduce»), nothing is said or sent in anybody's name. */
  const expected = parent !== self && origin !== "null" && new URLSearchParams(location.search).has("hello");
  if (expected) document.documentElement.dataset.introduction = "?";
  const introduction = () => document.documentElement.dataset.introduction ?? "";
  const drawn = () => chat()?.dataset.chat === "true";
  const ready = () => drawn() && (find("[data-introduce]")?.dataset.introduce ?? "") === introduction();

  /* What a visitor typed and what was not delivered yet is theirs alone; `owner` is null until it is known who types. */
  let owner = expected ? null : "";
  const under = (key) => (owner ? `${key}:${owner}` : key);
  const read = (key, empty) => { try { return JSON.parse(sessionStorage.getItem(under(key))) ?? empty; } catch { return empty; } };
  const keep = (key, value) => { try { if (owner !== null) sessionStorage.setItem(under(key), JSON.stringify(value)); } catch { /* private mode */ } };
  const stored = () => [read(STORE, [])].flat().filter((item) => typeof item?.text === "string");

  let outbox = owner === null ? [] : stored(), stick = true, unseen = 0, timer = 0, refusal = 0, newest = -1, place = 0, wrote = 0, saw = "";

  const name = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  function dispatch(item) {
    const form = find("[data-dispatch]");
    if (!form || !ready()) return;
    item.tried = Date.now();
    form.elements.text.value = item.text;
    form.elements.client_id.value = item.id;
    form.elements.number.value = introduction();
    // Not requestSubmit: a frame sandboxed without allow-forms would swallow it.
    form.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  }

  function post(text) {
    const item = { id: name(), text, at: Date.now(), tried: 0, fault: "" };
    if ([...text].length > LIMIT) {
      item.fault = chat().dataset.tooLong.replace("{length}", [...text].length).replace("{limit}", LIMIT);
      item.local = true;
    }
    outbox.push(item);
    stick = true;
    wrote = 0;
    if (!item.local) dispatch(item);
    changed();
  }

  function changed() {
    keep(STORE, outbox.map(({ id, text, at, fault, local }) => ({ id, text, at, fault, local })));
    draw();
    if (outbox.length && !timer) timer = setInterval(tick, 1000);
    if (!outbox.length && timer) { clearInterval(timer); timer = 0; }
  }

  /* A lost send is sent again: the server knows the message by its name, so a second one is harmless. */
  const offline = () => !navigator.onLine || Boolean(find("[data-offline]"));

  function tick() {
    const moment = Date.now();
    // What waits for the net is not late.
    if (offline()) for (const item of outbox) item.at = moment;
    for (const item of outbox) {
      const pause = Math.min(60000, FIRST_TRY * 2 ** (item.again || 0));
      if (!item.fault && moment - item.tried > pause) { item.again = (item.again || 0) + (item.tried ? 1 : 0); dispatch(item); }
    }
    draw();
  }

  function settle() {
    const before = outbox.length;
    outbox = outbox.filter((item) => !find(`[data-client-id="${item.id}"]`));
    const refused = find("[data-refused]");
    if (!refused) refusal = 0;
    if (refused && Number(refused.dataset.number) !== refusal) {
      refusal = Number(refused.dataset.number);
      const item = outbox.find((one) => one.id === refused.dataset.refused);
      if (item) { item.fault = refused.textContent; changed(); return; }
    }
    if (outbox.length !== before) changed();
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.className = "underline underline-offset-2 cursor-pointer text-(--link) py-1";
    made.addEventListener("click", act);
    return made;
  }

  function draw() {
    const place = find("[data-outbox]");
    // Before React has drawn the thread, anything of ours in its place would be a mismatch.
    if (!place || !drawn()) return;
    const words = chat().dataset;
    const rows = outbox.map((item) => {
      const late = item.fault || Date.now() - item.at > LATE, waits = !item.fault && offline();
      const mark = `${item.id}${item.fault}${Boolean(late)}${waits}${words.language}`;
      const old = find(`[data-pending="${item.id}"]`, place);
      if (old?.dataset.mark === mark) return old;
      const row = document.createElement("div");
      row.className = "flex flex-col items-end gap-1";
      row.dataset.pending = item.id;
      row.dataset.state = late ? "failed" : waits ? "waiting" : "sending";
      row.dataset.mark = mark;
      const bubble = document.createElement("div");
      bubble.className = "own max-w-[85%] rounded-2xl px-4 py-2.5 rounded-br-md bg-(--brand) text-(--on-brand) opacity-70 whitespace-pre-wrap wrap-anywhere";
      bubble.textContent = item.text.length > SHOWN && item.fault ? `${item.text.slice(0, SHOWN)}…` : item.text.slice(0, LIMIT);
      const state = document.createElement("div");
      state.className = `text-xs px-1 flex flex-wrap justify-end gap-x-2 items-center text-right max-w-[85%] ${item.fault ? "text-(--bad)" : "text-(--soft)"}`;
      const word = document.createElement("span");
      word.textContent = item.fault || (waits ? words.waits : late ? words.failed : words.sending);
      state.append(word);
      if (late && !item.local) state.append(button(words.retry, () => { item.fault = ""; item.at = Date.now(); item.again = 0; dispatch(item); changed(); }));
      if (late) state.append(button(words.edit, () => take(item)));
      row.append(bubble, state);
      return row;
    });
    if (rows.length !== place.children.length || rows.some((row, index) => place.children[index] !== row)) place.replaceChildren(...rows);
  }

  function take(item) {
    const box = find("[data-compose]");
    outbox = outbox.filter((one) => one !== item);
    box.value = box.value ? `${box.value}\n${item.text}` : item.text;
    grow(box);
    measure(box);
    keep(DRAFT, box.value);
    box.focus();
    changed();
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function submit() {
    const box = find("[data-compose]"), text = box.value.trim();
    if (!text) { box.focus(); return; }
    advise("");
    box.value = "";
    keep(DRAFT, "");
    grow(box);
    measure(box);
    box.focus();
    post(text);
  }

  /* One line above the composer: why nothing was sent. */
  function advise(text) {
    const line = find("[data-advice]");
    if (line.textContent !== text) line.textContent = text;
  }

  /* Another: how much room is left. */
  function measure(box) {
    const length = box.value.length > LIMIT * 0.9 ? [...box.value].length : 0, line = find("[data-counter]");
    line.textContent = length > LIMIT * 0.9 ? `${length} / ${LIMIT}` : "";
    line.toggleAttribute("data-over", length > LIMIT);
    advise("");
  }

  /* The end of the thread; but of what our side says, when it is taller than the log, the beginning. */
  function toEnd(log, first) {
    const told = first ?? find("[data-thinking]", log), above = 8;
    const top = told && told.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - above;
    if (told && log.scrollHeight - top > log.clientHeight) { stick = false; log.scrollTop = top; }
    else log.scrollTop = log.scrollHeight;
  }

  /* The reader who scrolled up stays there; the newest message is one press away. */
  function follow(added, redrawn) {
    const log = find("[data-log]");
    if (!log) return;
    const rows = added.flatMap((node) => (node.matches("[data-message]") ? [node] : [...node.querySelectorAll("[data-message]")]));
    const last = Math.max(newest, ...rows.map((row) => Number(row.dataset.position)));
    // What is drawn at the first load, after a reconnect or above the thread is not news.
    const news = newest < 0 ? [] : rows.filter((row) => Number(row.dataset.position) > newest && row.dataset.who !== "visitor");
    if (drawn()) newest = Math.max(last, 0);
    if (news.length && drawn() && (document.hidden || !stick)) {
      if (!find("[data-unread]")) news[0].dataset.unread = chat().dataset.unreadWords;
      unseen += news.length;
      badge();
    }
    if (stick && find("[data-message],[data-pending]", log)) toEnd(log, news[0]);
    else if (redrawn) log.scrollTop = place;
    seen();
    arrow();
  }

  /* Whose button went away under the fingers goes on from the thread, not from the top of the page. */
  let focused = null;
  function refocus() {
    if (!focused || focused.isConnected || document.activeElement !== document.body || !document.hasFocus()) return;
    focused = null;
    find("[data-log]")?.focus({ preventScroll: true });
  }
  document.addEventListener("focusin", ({ target }) => { focused = target; });

  /* Hidden forms are how the page tells its State what the visitor does. */
  const raise = (form) => find(form)?.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));

  function seen() {
    if (document.hidden || !stick) return;
    const last = [...document.querySelectorAll('[data-who="operator"]')].pop()?.dataset.message;
    if (last && last !== saw && ready()) { saw = last; raise("[data-seeing]"); }
    unseen = 0;
    badge();
    const mark = find("[data-unread]");
    if (mark) setTimeout(() => mark.removeAttribute("data-unread"), 3000);
  }

  function badge() {
    retitle();
    const down = find("[data-down]");
    if (unseen && !stick) down.dataset.count = unseen; else delete down.dataset.count;
  }

  /* The tab has the chat's name, and how many messages wait. */
  function retitle() {
    const wanted = `${unseen ? `(${unseen}) ` : ""}${chat().dataset.title}`;
    if (drawn() && document.title !== wanted) document.title = wanted;
  }


  const arrow = () => find("[data-down-place]")?.toggleAttribute("data-on", !stick && Boolean(find("[data-message],[data-pending]")));

  /* Until files are taken, one that is dropped or pasted neither replaces the chat nor vanishes without a word. */
  const files = (transfer) => chat() && transfer && [...transfer.types].includes("Files");
  document.addEventListener("dragover", (event) => { if (files(event.dataTransfer)) event.preventDefault(); });
  document.addEventListener("drop", (event) => { if (files(event.dataTransfer)) { event.preventDefault(); advise(chat().dataset.files); } });
  document.addEventListener("paste", (event) => {
    if (!files(event.clipboardData) || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    advise(chat().dataset.files);
  });

  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-composer]")) { event.preventDefault(); event.stopPropagation(); submit(); }
    if (event.target.matches("[data-dispatch],[data-writing],[data-seeing]")) event.preventDefault();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.target.matches?.("[data-compose]") && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  }, true);
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-compose]")) return;
    grow(event.target);
    measure(event.target);
    keep(DRAFT, event.target.value);
    if (event.target.value && find('[data-status="attended"]') && Date.now() - wrote > 3000) { wrote = Date.now(); raise("[data-writing]"); }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-composer] [type=submit]")) { event.preventDefault(); submit(); }
    const ask = event.target.closest?.("[data-ask]");
    if (ask) post(ask.dataset.ask);
    const log = find("[data-log]");
    if (log && event.target.closest?.("[data-down]")) {
      stick = true;
      log.scrollTop = log.scrollHeight;
      log.focus({ preventScroll: true });
      seen();
    }
  });
  document.addEventListener("scroll", (event) => {
    const log = event.target;
    if (!log.matches?.("[data-log]") || !drawn()) return;
    place = log.scrollTop;
    stick = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    arrow();
    seen();
  }, true);
  /* What the site around the frame sends on the visitor's behalf (frame.js). */
  document.addEventListener("vink:send", (event) => { if (chat() && event.detail.trim()) post(event.detail.trim()); });
  document.addEventListener("visibilitychange", () => { if (chat()) seen(); });

  /* What stands in the contact form outlives a reload until it is sent; a field that was refused has the cursor. */
  let filled = null;
  function fillContacts() {
    const form = find("[data-contacts]");
    if (!form || form === filled || !ready()) return;
    filled = form;
    const kept = read(CONTACTS, {});
    for (const name of ["name", "phone", "email"]) if (typeof kept[name] === "string") form.elements[name].value = kept[name];
  }
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("[data-contacts]");
    if (form) keep(CONTACTS, Object.fromEntries(new FormData(form)));
  });
  function contactsChanged(records) {
    fillContacts();
    if (find("[data-contact]") && filled !== "sent") { keep(CONTACTS, {}); filled = "sent"; }
    if (records.some(({ attributeName }) => attributeName === "data-refusals")) find("[data-contacts] [aria-invalid=true]")?.focus();
  }

  /* An on-screen keyboard takes its room from the thread, not from the composer; a pinch changes nothing. */
  const fit = () => { if (visualViewport.scale === 1) document.documentElement.style.setProperty("--height", `${visualViewport.height}px`); };
  window.visualViewport?.addEventListener("resize", fit);

  let live = false;
  function start() {
    if (!ready()) { live = false; return; }
    document.documentElement.lang = chat().dataset.language;
    retitle();
    if (live) return;
    live = true;
    const box = find("[data-compose]"), draft = read(DRAFT, "");
    if (draft && !box.value) { box.value = draft; grow(box); }
    settle();
    for (const item of outbox) if (!item.fault) dispatch(item);
    changed();
  }

  /* Another visitor types from now on. What was typed before anybody was named goes along with whoever is. */
  function become(who) {
    if (who === owner) return;
    const box = find("[data-compose]"), mine = owner ? "" : box?.value, early = owner === null ? outbox : [];
    if (owner === "") keep(DRAFT, "");
    owner = who;
    outbox = [...stored(), ...early];
    if (box) { box.value = mine || read(DRAFT, ""); keep(DRAFT, box.value); grow(box); }
    find("[data-outbox]")?.replaceChildren();
    newest = -1;
    saw = "";
    changed();
  }
  document.addEventListener("vink:visitor", (event) => become(event.detail));

  new MutationObserver((records) => {
    if (!chat()) return;
    start();
    const redrawn = drawn() && records.some((record) => record.attributeName === "data-chat");
    const added = records.flatMap((record) => [...record.addedNodes]).filter((node) => node.nodeType === 1);
    settle();
    contactsChanged(records);
    refocus();
    if (added.length || records.some((record) => record.type === "characterData")) follow(added, redrawn);
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["data-chat", "data-title", "data-refused", "data-number", "data-language", "data-introduce", "data-introduction", "data-refusals"] });
})();
