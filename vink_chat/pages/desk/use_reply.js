import { useCallback, useEffect, useLayoutEffect, useSyncExternalStore } from "react";
import { createReplies, shownOf } from "./replies.js";

export const replies = createReplies({
  storage: {
    getItem: (key) => localStorage.getItem(key),
    setItem(key, value) {
      try {
        localStorage.setItem(key, value);
      } catch {
        // It is full: what is typed lives as long as the page.
      }
    },
    removeItem: (key) => localStorage.removeItem(key),
  },
  makeId: () => crypto.randomUUID().replaceAll("-", ""),
});

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
  useLayoutEffect(() => {
    const shown = messages.map((message) => message.client_id);
    replies.settle(conversationId, shown, answers);
  }, [conversationId, messages, answers]);
  useEffect(() => replies.corrected(corrected), [corrected]);
  useEffect(() => () => replies.unchoose(conversationId), [conversationId]);
  return { ...reply, shown: shownOf(reply, answers) };
}
