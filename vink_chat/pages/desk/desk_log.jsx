import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { grewAbove } from "../../components/stick_to_end.js";
import { useStickToEnd } from "../../components/use_stick_to_end.js";
import { WayDown } from "../../components/way_down.jsx";
import { countBelow } from "./unread_below.js";
import { useCommand } from "./use_command.js";

/** @typedef {{ id: string, position: number }} Message */

/**
 * The thread of a conversation, its rows with the ids `message-…`. It stays at its end, unless its reader scrolled up:
 * then they are told how much came since. Opened at a message, it shows that one, once.
 *
 * @param {import("react").HTMLAttributes<HTMLDivElement> & {
 *   conversationId: string, history: Message[], live: Message[], marked: string, down: string,
 *   onSeen: (conversationId: string, position: number) => void }} props commands: `end`, `is at end`, `focus log`,
 *   `reveal` a message once more
 */
export function DeskLog({ conversationId, history, live, marked, down, onSeen, children, ...props }) {
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  const messages = useMemo(() => [...history, ...live], [history, live]);
  const scroll = useStickToEnd(log, { drawn: true, filled: messages.length > 0, growing: () => null });
  const was = useRef({ conversationId: "", messages, read: "", revealed: "", seen: "" });

  /** @param {string} message */
  function reveal(message) {
    scroll.pin(false);
    document.getElementById(`message-${message}`)?.scrollIntoView({ block: "center" });
  }

  function goDown() {
    scroll.pin(true);
    scroll.toEnd();
  }

  function tellSeen() {
    const last = messages.at(-1);
    const mark = `${conversationId}:${last?.id}`;
    if (document.hidden || !scroll.isPinned() || !last || mark === was.current.seen) return;
    was.current.seen = mark;
    onSeen(conversationId, last.position);
  }

  useCommand("end", goDown);
  useCommand("is at end", scroll.isPinned);
  useCommand("focus log", () => log.current?.focus());
  useCommand("reveal", (message) => {
    if (message === was.current.revealed) reveal(message);
  });

  useLayoutEffect(() => {
    const before = was.current;
    if (before.conversationId !== conversationId) scroll.pin(true);
    const hit = marked && messages.some(({ id }) => id === marked) ? marked : "";
    if (hit && hit !== before.revealed) reveal(hit);
    else if (scroll.isPinned()) scroll.toEnd();
    else if (grewAbove(before.messages, messages)) scroll.keepFromEnd();
    scroll.follow();
    Object.assign(before, { conversationId, messages, revealed: hit });
  });
  if (scroll.atEnd) was.current.read = messages.at(-1)?.id ?? "";

  useEffect(tellSeen);
  useEffect(() => {
    document.addEventListener("visibilitychange", tellSeen);
    return () => document.removeEventListener("visibilitychange", tellSeen);
  });

  function onScroll() {
    scroll.onScroll();
    tellSeen();
  }

  return (
    <div className="relative flex flex-1 min-h-0">
      <div
        {...props}
        ref={log}
        role="log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        aria-live="polite"
        aria-relevant="additions"
        onScroll={onScroll}
      >
        {children}
      </div>
      <WayDown
        shown={!scroll.atEnd}
        count={countBelow(messages, was.current.read)}
        label={down}
        onClick={() => {
          goDown();
          log.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
