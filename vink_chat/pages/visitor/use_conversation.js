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
  // Pages are prerendered once without a browser.
  store: kept(inBrowser ? sessionStorage : { getItem: () => null, setItem() {}, removeItem() {} }),
  introduced,
  now: Date.now,
  makeId: () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join(""),
});

/** The composer's field and the log, for focusing. */
export const fieldRef = /** @type {import("react").RefObject<HTMLTextAreaElement | null>} */ (createRef());
export const logRef = /** @type {import("react").RefObject<HTMLDivElement | null>} */ (createRef());

/** For event arguments: the number of the introduction known at the moment of the click. */
export const introduction = () => conversation.number();

export const useOutbox = () =>
  useSyncExternalStore(conversation.outbox.subscribe, conversation.outbox.items, () => NOTHING);

export const useIntroduction = () =>
  useSyncExternalStore(conversation.subscribe, conversation.number, () => (introduced ? EXPECTED : ""));

export const useDraftRevision = () => useSyncExternalStore(conversation.subscribe, conversation.revision, () => 0);

export const useOwner = () => useSyncExternalStore(conversation.subscribe, conversation.owner, () => "");

/**
 * Whether the thread is rendered, and the server knows the visitor of this tab.
 *
 * @param {boolean} loaded @param {string} acknowledgedIntro the number of the introduction the server has acknowledged
 */
export const useReady = (loaded, acknowledgedIntro) => useIntroduction() === acknowledgedIntro && loaded;

/** @param {() => void} act called whenever the tab is shown or hidden */
export function useVisibility(act) {
  useEffect(() => {
    document.addEventListener("visibilitychange", act);
    return () => document.removeEventListener("visibilitychange", act);
  });
}
