/**
 * What an operator writes, by operator and conversation: an answer or a note, which message it answers, and what was
 * sent and is not shown yet. It is kept in the browser with what it is: what was meant for colleagues must not come
 * back as an answer.
 *
 * @typedef {{ id: string, text: string }} Quote
 * @typedef {{ id: string, text: string, note: boolean, quote: string }} Sent
 * @typedef {{ id: string, was: string, text: string, note: boolean, sent?: string, after?: string }} Correction
 *   `after` is the server's mark of the last correction when this one was sent
 * @typedef {{ text: string, sent: Sent | null, quote: Quote | null }} Aside
 * @typedef {object} Reply
 * @property {string} text
 * @property {boolean} note what the text is
 * @property {{ note: boolean, answers: string } | null} chosen what an empty field is to be, and while what could be answered
 * @property {Quote | null} quote
 * @property {Sent | null} sent
 * @property {Aside | null} aside a note that waits until the answer written in its place is sent
 * @property {Correction | null} correction of an own message; the text waits until it is over
 */

/** @param {string | null} raw @returns {Reply} as it is kept */
function parsed(raw) {
  /** @type {Partial<Reply> | null} */
  let kept = null;
  try {
    kept = JSON.parse(raw || "null");
  } catch {
    // It cannot be read.
  }
  const { text = "", note = false, quote = null, sent = null, aside = null } = kept ?? {};
  return { text, note, chosen: null, quote, sent, aside, correction: null };
}

/** @param {Reply} reply @returns {string} what is kept of it; empty where there is nothing */
function packed({ text, note, quote, sent, aside }) {
  return text || quote || sent || aside
    ? JSON.stringify({ text, note: Boolean(text && note), quote, sent, aside })
    : "";
}

/** @param {string} text @param {string} sent @returns {string | null} what follows what was sent; null where it does not stand in front */
function restOf(text, sent) {
  const rest = text.trimStart();
  return rest.startsWith(sent) && !/^\S/.test(rest.slice(sent.length)) ? rest.slice(sent.length).trim() : null;
}

/** @param {Reply} reply @param {string} text a note, which is taken out of the field @returns {Partial<Reply>} */
function putAside({ aside, sent, quote }, text) {
  const goes = sent?.note ? sent : null;
  // One that was chosen after the note was sent is for what is written next.
  const stays = goes && quote?.id !== goes.quote;
  return {
    sent: goes ? null : sent,
    quote: stays ? quote : null,
    aside: {
      text: [aside?.text, text].filter(Boolean).join("\n\n"),
      sent: aside?.sent ?? goes,
      quote: (stays ? null : quote) ?? aside?.quote ?? null,
    },
  };
}

/** @param {Reply} reply @returns {Reply} with the note that waits, where nothing else is written */
function withAside(reply) {
  const { text, aside, sent, quote } = reply;
  if (text || !aside) return reply;
  return { ...reply, text: aside.text, note: true, sent: aside.sent ?? sent, quote: quote ?? aside.quote, aside: null };
}

/** @param {Aside | null} aside @param {string[]} shown */
function settledAside(aside, shown) {
  if (!aside?.sent || !shown.includes(aside.sent.id)) return aside;
  const rest = restOf(aside.text, aside.sent.text) ?? aside.text;
  return rest ? { ...aside, text: rest, sent: null } : null;
}

/**
 * Return what stands in the field. An empty one begins as an answer, where an answer can be given; what was chosen stays.
 *
 * @param {Reply} reply
 * @param {string} answers how an answer can be given; empty where it cannot
 */
export function shownOf({ text, note, chosen, correction }, answers) {
  if (correction) return { text: correction.text, note: correction.note };
  if (text) return { text, note };
  return { text, note: chosen && (chosen.note || chosen.answers === answers) ? chosen.note : !answers };
}

/** @param {{ storage: Pick<Storage, "getItem" | "setItem" | "removeItem">, makeId: () => string }} browser */
export function createReplies({ storage, makeId }) {
  /** @type {Map<string, Reply>} */
  const replies = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();
  let inserted = 0;

  /** @type {Map<string, string>} what is known to be kept of each */
  const known = new Map();
  /** @param {string} id */
  const nameOf = (id) => `vink_reply:${id}`;
  /** @param {string} id */
  const rawOf = (id) => storage.getItem(nameOf(id)) ?? "";

  /** @param {string} id @param {Reply} reply */
  function show(id, reply) {
    replies.set(id, reply);
    for (const listener of listeners) listener();
  }

  /** @param {string} id */
  function save(id) {
    const raw = packed(of(id));
    known.set(id, raw);
    if (raw) storage.setItem(nameOf(id), raw);
    else storage.removeItem(nameOf(id));
  }

  /** @param {string} id @returns {Reply} */
  function of(id) {
    const here = replies.get(id);
    if (here) return here;
    const raw = rawOf(id);
    known.set(id, raw);
    const reply = parsed(raw);
    replies.set(id, reply);
    return reply;
  }

  /** Another tab of the browser may have written since. @param {string} id */
  function refresh(id) {
    const { chosen, correction } = of(id);
    const raw = rawOf(id);
    if (raw === known.get(id)) return;
    known.set(id, raw);
    show(id, { ...parsed(raw), chosen, correction });
  }

  /** @param {string} id @param {Partial<Reply>} more */
  function change(id, more) {
    show(id, { ...of(id), ...more });
    if (packed(of(id)) !== known.get(id)) save(id);
  }

  return {
    of,
    /** A conversation is opened: what it was left with here may be old. @param {string} id */
    open(id) {
      refresh(id);
      change(id, { ...withAside(of(id)), chosen: null });
    },
    /**
     * Another tab has changed what is kept: it is shown, unless something was typed here since.
     *
     * @param {string | null} name @param {string | null} before what was kept until then
     */
    hear(name, before) {
      for (const id of replies.keys()) {
        if (nameOf(id) !== name) continue;
        if (known.get(id) === (before ?? "")) refresh(id);
        else if (known.get(id) !== rawOf(id)) save(id);
      }
    },
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** @param {string} id @param {string} text @param {string} answers */
    type(id, text, answers) {
      const { correction, ...reply } = of(id);
      if (correction) {
        change(id, { correction: { ...correction, text } });
        return;
      }
      const { note } = shownOf({ ...reply, correction }, answers);
      change(id, text ? { text, note } : { text, note, chosen: { note, answers } });
    },
    /** @param {string} id @param {boolean} note @param {string} answers */
    choose(id, note, answers) {
      const reply = of(id);
      const chosen = { note, chosen: { note, answers } };
      // What was sent to colleagues must not go to the visitor with what is written now.
      const sent = reply.sent?.note && !note ? reply.sent.text : "";
      const rest = sent ? restOf(reply.text, sent) : null;
      if (rest !== null) change(id, { ...putAside(reply, sent), ...chosen, text: rest });
      else change(id, { ...(note ? withAside(reply) : reply), ...chosen });
    },
    /** What was chosen for an empty field is over: the conversation was left, or is being taken. @param {string} id */
    unchoose(id) {
      if (of(id).chosen) change(id, { chosen: null });
    },
    /** Put a text of somebody else's in the place of what is written. @param {string} id @param {string} text @param {boolean} note */
    put: (id, text, note) => change(id, { text, note, correction: null }),
    /** Put a draft of an answer after the answer that is written; a note waits meanwhile. @param {string} id @param {string} draft */
    insertDraft(id, draft) {
      const reply = of(id);
      const more = reply.text && reply.note ? { ...putAside(reply, reply.text), text: draft } : null;
      const text = [reply.text.trimEnd(), draft].filter(Boolean).join("\n\n");
      change(id, { text, ...more, note: false, correction: null });
    },
    /** @param {string} id @param {Quote} quote */
    quote: (id, quote) => change(id, { quote, correction: null }),
    /** @param {string} id @param {{ id: string, own: string, note: boolean }} message */
    correct: (id, { id: message, own, note }) => change(id, { correction: { id: message, was: own, text: own, note } }),
    /** First the correction goes, then the quotation. @param {string} id @returns {boolean} false when there was neither */
    leave(id) {
      const { correction, quote } = of(id);
      if (correction) change(id, { correction: null });
      else if (quote) change(id, { quote: null });
      return Boolean(correction || quote);
    },
    /**
     * Take what is to be sent; it stays in the field until the thread shows it. The same again has the same id.
     *
     * @param {string} id @param {string} answers @returns {Sent | null}
     */
    send(id, answers) {
      const reply = of(id);
      const text = reply.text.trim();
      if (!text || reply.correction) return null;
      const { note } = shownOf(reply, answers);
      const quote = reply.quote?.id ?? "";
      const before = reply.sent;
      const again = before && before.text === text && before.note === note && before.quote === quote;
      const sent = { id: again ? before.id : makeId(), text, note, quote };
      change(id, { sent });
      return sent;
    },
    /**
     * Take the correction that is to be saved.
     *
     * @param {string} id @param {string} mark of the last correction the server has saved
     * @returns {Correction | null}
     */
    saveCorrection(id, mark) {
      const { correction } = of(id);
      const text = correction?.text.trim();
      if (!correction || !text) return null;
      const sent = { ...correction, sent: text, after: mark };
      change(id, { correction: text === correction.was ? null : sent });
      return text === correction.was ? null : sent;
    },
    /** The server has saved a correction: it is over, unless more was typed since. @param {string} mark «id:number» */
    corrected(mark) {
      for (const [id, { correction }] of replies) {
        const { sent, after, text } = correction ?? {};
        if (!correction || sent === undefined || mark === after || !mark.startsWith(`${correction.id}:`)) continue;
        const goesOn = text?.trim() !== sent;
        change(id, { correction: goesOn ? { ...correction, was: sent, sent: undefined } : null });
      }
    },
    /**
     * The thread shows messages: what was sent is not offered to be sent again.
     *
     * @param {string} id @param {string[]} shown ids given by browsers @param {string} answers
     */
    settle(id, shown, answers) {
      refresh(id);
      const reply = { ...of(id), aside: settledAside(of(id).aside, shown) };
      const { sent, quote } = reply;
      if (!sent || !shown.includes(sent.id)) {
        if (reply.aside !== of(id).aside) change(id, reply);
        return;
      }
      const rest = restOf(reply.text, sent.text);
      // Who has chosen the other kind since is about to write it.
      const { note } = shownOf({ ...reply, correction: null }, answers);
      const chosen = rest === "" ? { chosen: note === sent.note ? null : { note, answers } } : null;
      const left = { ...reply, ...chosen, sent: null, text: rest ?? reply.text };
      change(id, withAside({ ...left, quote: quote?.id === sent.quote ? null : quote }));
    },
    /** Whether a draft of the assistant's came that was not tried before. @param {number} number */
    isNewDraft(number) {
      const fresh = number !== inserted;
      inserted = number;
      return fresh;
    },
  };
}
