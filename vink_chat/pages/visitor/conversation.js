/**
 * Who writes in this tab, and what of theirs the server does not have yet.
 *
 * On another site that site first says who is here. Its word (an introduction) has a number, and until the server repeats
 * that number nothing is sent in anybody's name. What was typed before goes along with whoever is named.
 */

import { createOutbox } from "../../components/outbox.js";

const OUTBOX = "vink_outbox";
const DRAFT = "vink_draft";
export const LIMIT = 4000;

/** The number of an introduction that is still to come. */
export const EXPECTED = "?";

/** @param {string} text */
export const lengthOf = (text) => [...text].length;

/**
 * @param {object} seam
 * @param {ReturnType<typeof import("../../components/kept.js").kept>} seam.store
 * @param {boolean} seam.introduced whether a site will say who is here
 * @param {() => number} seam.now
 * @param {() => string} seam.makeId
 */
export function createConversation({ store, introduced, now, makeId }) {
  let number = introduced ? EXPECTED : "";
  /** @type {string | null} null until it is known who writes; "" is whom the browser knows */
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
  /** @type {readonly string[]} ids of what the thread shows */
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
    /** @param {string} next the number of the site's word @param {string} who the user it named, or "" */
    introduce(next, who) {
      number = next;
      if (who !== owner) {
        const early = owner === null ? outbox.items() : [];
        const typed = owner ? "" : draft;
        // What was typed before anybody was named went along with whoever is.
        if (owner === "") keep(DRAFT, undefined);
        owner = who;
        outbox.become(read(OUTBOX), early);
        // The thread may have been drawn before it was known whose it is.
        outbox.settle(shown);
        keepDraft(typed || readDraft());
        revision += 1;
      }
      announce();
    },
    /** @param {readonly string[]} ids of messages the thread shows */
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
    /** How often the draft was changed by something else than typing. */
    revision: () => revision,
    /** @param {string} id of a message that is to be written anew */
    edit(id) {
      const text = outbox.take(id);
      keepDraft(draft ? `${draft}\n${text}` : text);
      revision += 1;
      announce();
    },
    /** @param {string} form @returns {Record<string, string>} what stands in a form and was not left yet, by field */
    typed(form) {
      const kept = read(`vink_${form}`);
      const fields = kept && typeof kept === "object" ? Object.entries(kept) : [];
      return Object.fromEntries(fields.filter(([, value]) => typeof value === "string"));
    },
    /** @param {string} form @param {Record<string, string> | undefined} fields @param {string | null} [whose] */
    keepTyped: (form, fields, whose) => keep(`vink_${form}`, fields, whose),
  };
}
