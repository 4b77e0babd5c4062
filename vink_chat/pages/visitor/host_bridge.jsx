import { useEffect, useReducer, useRef } from "react";
import { kept } from "../../components/kept.js";
import { lastPosition } from "../../components/unread.js";
import { EXPECTED } from "./conversation.js";
import { cardOf, createReport, isAccepted, isSameCard, userOf } from "./host_protocol.js";
import { conversation, fieldRef, useIntroduction, useOutbox, useVisibility } from "./use_conversation.js";

const AGAIN = 5000;
const LONGEST = 40_000;
const MOST = 20;
const BLOCK = /<(?=\/?(?:p|div|ul|ol|li|table|tr|t[dh]|h[1-6]|pre|blockquote|[bh]r)\b)/gi;

/** The host page may send messages as soon as the frame has loaded, before React has started. */
const early = /** @type {MessageEvent[] | null} */ (typeof window === "undefined" || parent === self ? null : []);
/** @type {(event: MessageEvent) => void} */
let receive = (event) => early && early.length < MOST && early.push(event);
if (early) addEventListener("message", (event) => event.source === parent && receive(event));

/** @param {string} html */
const textOf = (html) => new DOMParser().parseFromString(html.replace(BLOCK, " <"), "text/html").body.textContent ?? "";

/** @typedef {import("./host_protocol.js").Card} Card */
/** @typedef {import("./host_protocol.js").Message} Message */

/** The position each visitor has read, so that the site's next page can count unread messages. */
const seenMarks = typeof window === "undefined" ? null : kept(localStorage);

/** @param {Card} card */
const seenKey = (card) => (userOf(card) ? `vink_seen:${userOf(card)}` : "vink_seen");

/** @param {string} theme */
function applyTheme(theme) {
  if (["light", "dark"].includes(theme)) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

/** @param {boolean} full */
function setFull(full) {
  document.documentElement.toggleAttribute("data-full", full);
}

/**
 * Talks to the host page (`widget.js`): receives the visitor's introduction, reports what happens. Which sites may embed
 * the chat at all is the server's rule (frame-ancestors).
 *
 * @param {object} props
 * @param {boolean} props.loaded
 * @param {string} props.acknowledgedIntro the number of the introduction the server has acknowledged
 * @param {string} props.revokedIntro the number of an introduction whose secret was renewed: its user has to be signed again
 * @param {string} props.status
 * @param {number} props.rating
 * @param {Message[]} props.history
 * @param {Message[]} props.live
 * @param {(card: Record<string, string>) => void} props.onIntroduce
 */
export function HostBridge({ loaded, acknowledgedIntro, revokedIntro, status, rating, history, live, onIntroduce }) {
  const number = useIntroduction();
  const pending = useOutbox().length > 0;
  const [, update] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const host = useRef({
    home: "",
    said: /** @type {Card | null} the last card received */ (null),
    card: /** @type {Card | null} the card in use */ (null),
    opened: false,
    greeted: false,
    asked: { number: "", at: 0 },
    waiting: /** @type {{ user: string, text: string }[]} */ ([]),
    report: createReport(textOf),
  }).current;

  /** @param {Record<string, unknown>} message */
  function post(message) {
    if (host.home) parent.postMessage({ vink: 1, ...message }, host.home);
  }

  /** @param {Card} card */
  function introduce(card) {
    if (userOf(card) !== userOf(host.card)) host.report.forget();
    host.card = card;
    conversation.introduce(`${Date.now()}-${Math.random()}`.slice(0, 32), userOf(card));
  }

  const acts = {
    /** @param {Record<string, unknown>} data */
    hello(data) {
      // Tells the waiting loader that the chat has started.
      post({ type: "hello" });
      const card = cardOf(data);
      if (isSameCard(card, host.said)) return;
      host.said = card;
      applyTheme(card.theme);
      introduce(card);
    },
    /** @param {Record<string, unknown>} data */
    show(data) {
      host.opened = data.on === true;
      setFull(data.full === true);
      // On a phone, do not open the on-screen keyboard unasked.
      if (host.opened && data.focus === true && data.full !== true) fieldRef.current?.focus();
      update();
    },
    /** @param {Record<string, unknown>} data */
    send(data) {
      if (typeof data.text !== "string" || host.waiting.length > MOST) return;
      host.waiting.push({ user: userOf(host.card), text: data.text.slice(0, LONGEST) });
      update();
    },
  };

  useEffect(() => setFull(new URLSearchParams(location.search).get("full") === "1"), []);

  useEffect(() => {
    receive = ({ origin, data }) => {
      if (origin === "null" && conversation.number() === EXPECTED) conversation.introduce("", "");
      if (!isAccepted({ origin, data }, host.home)) return;
      host.home = origin;
      acts[/** @type {keyof typeof acts} */ (data.type)](data);
    };
    for (const event of early?.splice(0) ?? []) receive(event);
  });

  useEffect(() => {
    // Unsent messages of that visitor wait until the site signs them again.
    if (host.card && revokedIntro && revokedIntro === number) introduce({ ...host.card, user: "", signature: "" });
    if (!loaded) host.report.forget();
    if (!loaded || !host.card) return undefined;
    if (acknowledgedIntro !== number) {
      if (host.asked.number !== number || Date.now() - host.asked.at >= AGAIN) {
        host.asked = { number, at: Date.now() };
        onIntroduce({ ...host.card, number });
      }
      const timer = setTimeout(update, host.asked.at + AGAIN - Date.now());
      return () => clearTimeout(timer);
    }
    report(host.card);
    return undefined;
  });

  /** @param {Card} card */
  function report(card) {
    if (!host.greeted) post({ type: "ready" });
    host.greeted = true;
    const messages = [...history, ...live];
    const user = userOf(card);
    const last = lastPosition(messages);
    const read = (host.opened && !document.hidden ? undefined : seenMarks?.read(seenKey(card))) ?? last;
    seenMarks?.keep(seenKey(card), read);
    const seen = Number(read);
    for (const event of host.report.next({ messages, status, rating, seen, pending })) post(event);
    // Messages queued for another visitor wait until that visitor is back.
    const theirs = host.waiting.filter((message) => message.user === user);
    host.waiting = host.waiting.filter((message) => message.user !== user);
    for (const { text } of theirs) if (text.trim()) conversation.post(text.trim());
  }

  useVisibility(update);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const close = (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) post({ type: "close" });
    };
    // Leave no State of a signed visitor that the next visitor of this tab could return to.
    const leave = () => {
      if (userOf(host.card)) sessionStorage.removeItem("token");
    };
    addEventListener("keydown", close);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("pagehide", leave);
    };
  });
  return null;
}
