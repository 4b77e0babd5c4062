/**
 * What an operator writes, by conversation: an answer or a note, which message it answers, and what was sent and is not
 * shown yet. It is kept in the browser with what it is: what was meant for colleagues must not come back as an answer.
 *
 * @typedef {{ id: string, text: string }} Quote
 * @typedef {{ id: string, text: string, note: boolean, quote: string }} Sent
 * @typedef {{ id: string, was: string, text: string, note: boolean, sent?: string, after?: string }} Correction
 *   `after` is the server's mark of the last correction when this one was sent
 * @typedef {object} Reply
 * @property {string} text
 * @property {boolean} note what the text is
 * @property {{ note: boolean, answers: string } | null} chosen what an empty field is to be, and while what could be answered
 * @property {Quote | null} quote
 * @property {Sent | null} sent
 * @property {Correction | null} correction of an own message; the text waits until it is over
 */

/** @param {string | null} text */
function parsed(text) {
  try {
    return JSON.parse(text || "null");
  } catch {
    return null;
  }
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

  /** @param {string} name @param {string} value */
  const keep = (name, value) => (value ? storage.setItem(name, value) : storage.removeItem(name));

  /** @param {string} id @returns {Reply} */
  function of(id) {
    const known = replies.get(id);
    if (known) return known;
    const text = storage.getItem(`vink_draft:${id}`) ?? "";
    const note = Boolean(storage.getItem(`vink_note:${id}`));
    const [quote, sent] = [parsed(storage.getItem(`vink_quote:${id}`)), parsed(storage.getItem(`vink_sent:${id}`))];
    const reply = { text, note, chosen: null, quote, sent, correction: null };
    replies.set(id, reply);
    return reply;
  }

  /** @param {string} id @param {Partial<Reply>} more */
  function change(id, more) {
    const reply = { ...of(id), ...more };
    replies.set(id, reply);
    if ("text" in more || "note" in more) {
      keep(`vink_draft:${id}`, reply.text);
      keep(`vink_note:${id}`, reply.text && reply.note ? "1" : "");
    }
    if ("quote" in more) keep(`vink_quote:${id}`, reply.quote ? JSON.stringify(reply.quote) : "");
    if ("sent" in more) keep(`vink_sent:${id}`, reply.sent ? JSON.stringify(reply.sent) : "");
    for (const listener of listeners) listener();
  }

  return {
    of,
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
    choose: (id, note, answers) => change(id, { note, chosen: { note, answers } }),
    /** What was chosen for an empty field is over: the conversation was left, or is being taken. @param {string} id */
    unchoose(id) {
      if (of(id).chosen) change(id, { chosen: null });
    },
    /** Put a text of somebody else's after what is written, or in its place. @param {string} id @param {string} text @param {boolean} note */
    put: (id, text, note) => change(id, { text, note, correction: null }),
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
      const reply = of(id);
      const { sent, quote } = reply;
      if (!sent || !shown.includes(sent.id)) return;
      /** @type {Partial<Reply>} */
      const more = { sent: null };
      if (reply.text.trim() === sent.text) {
        // Who has chosen the other kind since is about to write it.
        const { note } = shownOf({ ...reply, correction: null }, answers);
        Object.assign(more, { text: "", chosen: note === sent.note ? null : { note, answers } });
      }
      if (quote && quote.id === sent.quote) more.quote = null;
      change(id, more);
    },
    /** Whether a draft of the assistant's came that was not tried before. @param {number} number */
    isNewDraft(number) {
      const fresh = number !== inserted;
      inserted = number;
      return fresh;
    },
  };
}
