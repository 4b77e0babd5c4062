import { useCallback, useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import { createReplies, shownOf } from "./replies.js";

/** @type {Map<string, string>} what the storage has no room for lives as long as the page */
const unkept = new Map();

export const replies = createReplies({
  storage: {
    getItem: (key) => unkept.get(key) ?? localStorage.getItem(key),
    setItem(key, value) {
      unkept.delete(key);
      try {
        localStorage.setItem(key, value);
      } catch {
        unkept.set(key, value);
      }
    },
    removeItem(key) {
      unkept.delete(key);
      localStorage.removeItem(key);
    },
  },
  makeId: () => crypto.randomUUID().replaceAll("-", ""),
});

/** @param {StorageEvent} event */
const hear = ({ key, oldValue }) => replies.hear(key, oldValue);

/**
 * What is being written in a conversation; over once the thread shows it.
 *
 * @param {string} conversationId @param {string} answers how an answer can be given
 * @param {{ client_id: string }[]} messages of the thread @param {string} corrected mark of the last saved correction
 */
export function useReply(conversationId, answers, messages, corrected) {
  const reply = useSyncExternalStore(
    replies.subscribe,
    useCallback(() => replies.of(conversationId), [conversationId]),
  );
  useLayoutEffect(() => replies.open(conversationId), [conversationId]);
  useLayoutEffect(() => {
    const shown = messages.map((message) => message.client_id);
    replies.settle(conversationId, shown, answers);
  }, [conversationId, messages, answers]);
  useEffect(() => replies.corrected(corrected), [corrected]);
  useEffect(() => {
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  }, []);
  return { ...reply, shown: shownOf(reply, answers) };
}
