/**
 * Who the visitor in this tab is, and what they typed that the server does not have yet.
 *
 * When embedded, the host page first introduces the visitor. That introduction has a number, and until the server
 * acknowledges the number nothing is sent. Text typed before that goes to whoever is introduced.
 */

import { createOutbox } from "../../components/outbox.js";

const OUTBOX = "vink_outbox";
const DRAFT = "vink_draft";
export const LIMIT = 4000;

/** Stands for the number of the first introduction before it arrives. */
export const EXPECTED = "?";

/** @param {string} text */
export const lengthOf = (text) => [...text].length;

/**
 * @param {object} deps
 * @param {ReturnType<typeof import("../../components/kept.js").kept>} deps.store
 * @param {boolean} deps.introduced whether the host page will introduce the visitor
 * @param {() => number} deps.now
 * @param {() => string} deps.makeId
 */
export function createConversation({ store, introduced, now, makeId }) {
  let number = introduced ? EXPECTED : "";
  /** @type {string | null} null until the visitor is known; "" is the browser's own visitor */
  let owner = introduced ? null : "";
  /** @type {Set<() => void>} */
  const listeners = new Set();

  const key = (/** @type {string} */ name, whose = owner) => (whose ? `${name}:${whose}` : name);
  const read = (/** @type {string} */ name) => (owner === null ? undefined : store.read(key(name)));
  /** @param {string} name @param {unknown} value @param {string | null} [whose] */
  function keep(name, value, whose = owner) {
    if (whose !== null) store.keep(key(name, whose), value);
  }
  function readDraft() {
    const draft = read(DRAFT);
    return typeof draft === "string" ? draft : "";
  }

  const outbox = createOutbox({ now, makeId, keep: (items) => keep(OUTBOX, items.length ? items : undefined) });
  outbox.become(read(OUTBOX));
  let draft = readDraft();
  let revision = 0;
  /** @type {readonly string[]} client ids of the messages in the thread */
  let shown = [];

  /** @param {string} text */
  function keepDraft(text) {
    draft = text;
    keep(DRAFT, text);
  }

  function announce() {
    for (const listener of listeners) listener();
  }

  return {
    outbox,
    number: () => number,
    owner: () => owner,
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** @param {string} next the number of the introduction @param {string} who the user it named, or "" */
    introduce(next, who) {
      number = next;
      if (who !== owner) {
        const unclaimed = owner === null ? outbox.items() : [];
        const typed = owner ? "" : draft;
        // The draft typed before anyone was introduced now belongs to the introduced user.
        if (owner === "") keep(DRAFT, undefined);
        owner = who;
        outbox.become(read(OUTBOX), unclaimed);
        // The thread may have been rendered before its owner was known.
        outbox.settle(shown);
        keepDraft(typed || readDraft());
        revision += 1;
      }
      announce();
    },
    /** @param {readonly string[]} ids client ids of the messages in the thread */
    settle(ids) {
      shown = ids;
      outbox.settle(ids);
    },
    /** @param {string} text @param {string} tooLong why a text over the limit is refused, with {length} and {limit} */
    post(text, tooLong = "") {
      const length = lengthOf(text);
      const fault = length > LIMIT ? tooLong.replace("{length}", `${length}`).replace("{limit}", `${LIMIT}`) : "";
      outbox.post(text, fault);
    },
    draft: () => draft,
    keepDraft,
    /** How often the draft was changed other than by typing. */
    revision: () => revision,
    /** @param {string} id of an unsent message to edit */
    edit(id) {
      const text = outbox.take(id);
      keepDraft(draft ? `${draft}\n${text}` : text);
      revision += 1;
      announce();
    },
    /** @param {string} form @returns {Record<string, string>} the unsent values of a form, by field */
    typed(form) {
      const kept = read(`vink_${form}`);
      const fields = kept && typeof kept === "object" ? Object.entries(kept) : [];
      return Object.fromEntries(fields.filter(([, value]) => typeof value === "string"));
    },
    /** @param {string} form @param {Record<string, string> | undefined} fields @param {string | null} [whose] */
    keepTyped: (form, fields, whose) => keep(`vink_${form}`, fields, whose),
  };
}
