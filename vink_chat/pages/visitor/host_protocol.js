/**
 * What the chat and the page around its frame tell each other (docs/widget.md). The page hears the words of our side,
 * never the visitor's, nor what was said before it asked.
 *
 * @typedef {{ id: string, who: string, position: number, html: string }} Message
 * @typedef {{ type: string } & Record<string, unknown>} Told
 * @typedef {Record<keyof typeof LIMITS, string>} Card what the site says about its visitor and its look
 */

import { lastPosition, newsOf } from "../../components/unread.js";

const LIMITS = {
  user: 200,
  signature: 160,
  name: 200,
  email: 320,
  phone: 40,
  page: 1000,
  language: 35,
  colour: 7,
  title: 200,
  arrival: 2000,
  theme: 5,
};
const HELD = ["waiting", "attended"];
const LONGEST = 4000;

/** @param {Record<string, unknown>} data @returns {Card} */
export function cardOf(data) {
  const entries = Object.entries(LIMITS).map(([name, limit]) => [name, cut(data[name], limit)]);
  return Object.fromEntries(entries);
}

/** @param {unknown} value @param {number} limit */
const cut = (value, limit) => (["string", "number"].includes(typeof value) ? String(value).slice(0, limit) : "");

/** @param {Card} a @param {Card | null} b */
export const isSameCard = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {Card | null} card the user it names; one without a signature is nobody */
export const userOf = (card) => (card?.signature ? card.user : "");

/**
 * Whether a message of the page around is heard. The first origin that says hello is the one; a page without an origin
 * cannot say who is here.
 *
 * @param {{ origin: string, data: unknown }} message
 * @param {string} home the origin that said hello, or ""
 */
export function isHeard({ origin, data }, home) {
  const { vink, type } = /** @type {{ vink?: unknown, type?: unknown }} */ (Object(data));
  if (vink !== 1 || origin === "null") return false;
  return home ? origin === home && ["hello", "show", "send"].includes(String(type)) : type === "hello";
}

/**
 * What the page around has not been told yet.
 *
 * @param {(html: string) => string} textOf
 */
export function createReport(textOf) {
  let position = -1;
  let status = "";
  let rating = 0;
  let told = "";

  /** @param {Message} message @returns {Told} */
  function said({ id, who, html }) {
    const text = who === "visitor" ? "" : textOf(html).replace(/\s+/g, " ").trim().slice(0, LONGEST);
    return { type: "message", id, who, text };
  }

  /** @param {string} now @param {number} stars @returns {Told[]} */
  function moves(now, stars) {
    /** @type {Told[]} */
    const found = [];
    if (now !== status && HELD.includes(now)) found.push({ type: "handover", status: now });
    if (now !== status && now === "closed") found.push({ type: "closed" });
    if (stars !== rating && stars) found.push({ type: "rating", stars });
    return found;
  }

  /** @param {{ messages: readonly Message[], status: string, seen: number, pending: boolean }} now @returns {Told[]} */
  function state({ messages, status, seen, pending }) {
    const unread = newsOf(messages, seen, "visitor").length;
    const unanswered = messages.at(-1)?.who === "visitor";
    const expects = unread > 0 || unanswered || HELD.includes(status) || pending;
    const news = `${unread} ${expects}`;
    if (news === told) return [];
    told = news;
    return [{ type: "state", unread, expects }];
  }

  return {
    /** The thread is another one, or is being read: nothing of it is news. */
    forget() {
      position = -1;
    },
    /**
     * @param {{ messages: readonly Message[], status: string, rating: number, seen: number, pending: boolean }} now
     *   `seen` is the position that was read last; `pending`, whether something is still on its way
     */
    next(now) {
      const first = position < 0;
      const fresh = first ? [] : now.messages.filter((message) => message.position > position);
      const news = [...fresh.map(said), ...(first ? [] : moves(now.status, now.rating)), ...state(now)];
      position = lastPosition(now.messages, Math.max(position, 0));
      status = now.status;
      rating = now.rating;
      return news;
    },
  };
}
