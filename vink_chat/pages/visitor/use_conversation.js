/** The conversation of this tab, for the components of its page. */

import { createRef, useEffect, useSyncExternalStore } from "react";
import { kept } from "../../components/kept.js";
import { createConversation, EXPECTED } from "./conversation.js";

const inBrowser = typeof window !== "undefined";
/** @type {readonly import("../../components/outbox.js").Pending[]} */
const NOTHING = [];
const introduced =
  inBrowser && parent !== self && origin !== "null" && new URLSearchParams(location.search).has("hello");

export const conversation = createConversation({
  // Pages are drawn once where there is no browser.
  store: kept(inBrowser ? sessionStorage : { getItem: () => null, setItem() {}, removeItem() {} }),
  introduced,
  now: Date.now,
  makeId: () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join(""),
});

/** The composer's field and the log, to be focused. */
export const fieldRef = /** @type {import("react").RefObject<HTMLTextAreaElement | null>} */ (createRef());
export const logRef = /** @type {import("react").RefObject<HTMLDivElement | null>} */ (createRef());

/** For events of pages: the number of the introduction whoever presses knows of. */
export const introduction = () => conversation.number();

export const useOutbox = () =>
  useSyncExternalStore(conversation.outbox.subscribe, conversation.outbox.items, () => NOTHING);

export const useIntroduction = () =>
  useSyncExternalStore(conversation.subscribe, conversation.number, () => (introduced ? EXPECTED : ""));

export const useDraftRevision = () => useSyncExternalStore(conversation.subscribe, conversation.revision, () => 0);

export const useOwner = () => useSyncExternalStore(conversation.subscribe, conversation.owner, () => "");

/**
 * Whether the thread is drawn, and the server knows who writes here.
 *
 * @param {boolean} loaded @param {string} acknowledgedIntro the number of the introduction the server has acknowledged
 */
export const useReady = (loaded, acknowledgedIntro) => useIntroduction() === acknowledgedIntro && loaded;

/** @param {() => void} act whenever somebody comes back to the tab, or leaves it */
export function useVisibility(act) {
  useEffect(() => {
    document.addEventListener("visibilitychange", act);
    return () => document.removeEventListener("visibilitychange", act);
  });
}
