/**
 * Messages the server does not have yet. Each keeps its id until the thread shows it: sent twice, it is stored once.
 *
 * @typedef {object} Pending
 * @property {string} id
 * @property {string} text
 * @property {number} since when it was written, or could go out again
 * @property {"sending" | "waiting" | "failed"} state `waiting` is for the connection
 * @property {string} fault why it was refused; empty while it was not
 * @property {boolean} final whether sending it again cannot help
 */

const FIRST_PAUSE = 6000;
const LONGEST_PAUSE = 60_000;
const LATE = 8000;

/** @param {unknown} kept @param {number} now @returns {Pending[]} what can be read of it */
function revived(kept, now) {
  const readable = Array.isArray(kept) ? kept.filter((item) => typeof item?.text === "string" && item.id) : [];
  return readable.map(({ id, text, fault, final }) => ({
    id: String(id),
    text,
    since: now,
    state: fault ? "failed" : "sending",
    fault: fault ? String(fault) : "",
    final: Boolean(final),
  }));
}

/** @param {{ now: () => number, makeId: () => string, keep: (items: readonly Pending[]) => void }} seam */
export function createOutbox({ now, makeId, keep }) {
  /** @type {readonly Pending[]} */
  let items = [];
  /** @type {Map<string, { at: number, times: number }>} when each was sent last, and how often */
  const sent = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();

  /** @param {readonly Pending[]} next */
  function show(next) {
    items = next;
    for (const listener of listeners) listener();
  }

  /** @param {readonly Pending[]} next */
  function set(next) {
    keep(next);
    show(next);
  }

  /** @param {string} id @param {Partial<Pending>} more */
  const change = (id, more) => set(items.map((item) => (item.id === id ? { ...item, ...more } : item)));

  /** @param {Pending} item @param {boolean} offline @returns {Pending} */
  function aged(item, offline) {
    if (item.fault) return item;
    if (offline) return item.state === "waiting" ? item : { ...item, state: "waiting" };
    if (item.state === "waiting") return { ...item, state: "sending", since: now() };
    return item.state === "sending" && now() - item.since > LATE ? { ...item, state: "failed" } : item;
  }

  /** @param {string} id */
  function isDue(id) {
    const last = sent.get(id);
    return !last || now() - last.at > Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (last.times - 1));
  }

  return {
    items: () => items,
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** @param {unknown} kept another person's messages, as they were kept @param {readonly Pending[]} [more] */
    become(kept, more = []) {
      sent.clear();
      set([...revived(kept, now()), ...more]);
    },
    /** @param {string} text @param {string} [fault] why it is not even sent */
    post(text, fault = "") {
      const state = fault ? "failed" : "sending";
      set([...items, { id: makeId(), text, since: now(), state, fault, final: Boolean(fault) }]);
    },
    /** @param {boolean} offline what waits for the connection is not late */
    tick(offline) {
      const next = items.map((item) => aged(item, offline));
      if (next.some((item, index) => item !== items[index])) show(next);
    },
    /**
     * Take what is to be sent now: at once, and again after ever longer pauses.
     *
     * @param {boolean} [all] whatever was sent a moment ago, for it may have been lost with the connection
     */
    due(all = false) {
      const ready = items.filter(({ id, fault }) => !fault && (all || isDue(id)));
      for (const { id } of ready) sent.set(id, { at: now(), times: (all ? 0 : (sent.get(id)?.times ?? 0)) + 1 });
      return ready;
    },
    /** @param {string} id @param {string} fault */
    refuse: (id, fault) => change(id, { fault, state: "failed" }),
    /** @param {string} id */
    retry(id) {
      sent.delete(id);
      change(id, { fault: "", state: "sending", since: now() });
    },
    /** @param {string} id @returns {string} the text of the message, which is taken out */
    take(id) {
      const text = items.find((item) => item.id === id)?.text ?? "";
      set(items.filter((item) => item.id !== id));
      return text;
    },
    /** @param {Iterable<string>} ids of messages the thread shows */
    settle(ids) {
      const stored = new Set(ids);
      const left = items.filter((item) => !stored.has(item.id));
      if (left.length < items.length) set(left);
    },
  };
}
