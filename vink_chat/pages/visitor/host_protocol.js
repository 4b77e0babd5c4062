/**
 * The messages between the chat and the host page around its frame (docs/widget.md). The host page gets the shop's
 * messages as text, never the visitor's, nor anything from before it said hello.
 *
 * @typedef {{ id: string, who: string, position: number, html: string }} Message
 * @typedef {{ type: string } & Record<string, unknown>} HostEvent
 * @typedef {Record<keyof typeof LIMITS, string>} Card the host page's details of its visitor, and its options
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

/** @param {Card | null} card @returns {string} the signed user; without a signature nobody */
export const userOf = (card) => (card?.signature ? card.user : "");

/**
 * Whether a message of the host page is accepted. The first origin that says hello is the host; a page without an origin
 * cannot introduce a visitor.
 *
 * @param {{ origin: string, data: unknown }} message
 * @param {string} home the origin that said hello, or ""
 */
export function isAccepted({ origin, data }, home) {
  const { vink, type } = /** @type {{ vink?: unknown, type?: unknown }} */ (Object(data));
  if (vink !== 1 || origin === "null") return false;
  return home ? origin === home && ["hello", "show", "send"].includes(String(type)) : type === "hello";
}

/**
 * Computes the events that the host page has not received yet.
 *
 * @param {(html: string) => string} textOf
 */
export function createReport(textOf) {
  let position = -1;
  let status = "";
  let rating = 0;
  let reported = "";

  /** @param {Message} message @returns {HostEvent} */
  function messageEvent({ id, who, html }) {
    const text = who === "visitor" ? "" : textOf(html).replace(/\s+/g, " ").trim().slice(0, LONGEST);
    return { type: "message", id, who, text };
  }

  /** @param {string} now @param {number} stars @returns {HostEvent[]} */
  function changes(now, stars) {
    /** @type {HostEvent[]} */
    const events = [];
    if (now !== status && HELD.includes(now)) events.push({ type: "handover", status: now });
    if (now !== status && now === "closed") events.push({ type: "closed" });
    if (stars !== rating && stars) events.push({ type: "rating", stars });
    return events;
  }

  /** @param {{ messages: readonly Message[], status: string, seen: number, pending: boolean }} now @returns {HostEvent[]} */
  function state({ messages, status, seen, pending }) {
    const unread = newsOf(messages, seen, "visitor").length;
    const unanswered = messages.at(-1)?.who === "visitor";
    const expects = unread > 0 || unanswered || HELD.includes(status) || pending;
    const news = `${unread} ${expects}`;
    if (news === reported) return [];
    reported = news;
    return [{ type: "state", unread, expects }];
  }

  return {
    /** Another thread, or one that is being loaded: none of its messages is an event. */
    forget() {
      position = -1;
    },
    /**
     * @param {{ messages: readonly Message[], status: string, rating: number, seen: number, pending: boolean }} now
     *   `seen` is the position read last; `pending`, whether a message is still being sent
     */
    next(now) {
      const first = position < 0;
      const fresh = first ? [] : now.messages.filter((message) => message.position > position);
      const news = [...fresh.map(messageEvent), ...(first ? [] : changes(now.status, now.rating)), ...state(now)];
      position = lastPosition(now.messages, Math.max(position, 0));
      status = now.status;
      rating = now.rating;
      return news;
    },
  };
}
