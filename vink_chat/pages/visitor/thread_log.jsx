import { createContext, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { grewAbove } from "../../components/stick_to_end.js";
import { lastPosition, newsOf, titled } from "../../components/unread.js";
import { useStickToEnd } from "../../components/use_stick_to_end.js";
import { WayDown } from "../../components/way_down.jsx";
import { logRef, useOutbox, useOwner, useReady, useVisibility } from "./use_conversation.js";

const SEEN = 3000;
const WRITING = "writing";

/** @typedef {{ rows: Map<string, HTMLElement>, unread: string }} Log its rows by key, and the first unread one */
const LogContext = createContext(/** @type {Log} */ ({ rows: new Map(), unread: "" }));

/**
 * The thread, oldest first. It stays scrolled to the end; a visitor who scrolled up is shown the count of new messages.
 *
 * @param {object} props
 * @param {import("../../components/unread.js").Message[]} props.history
 * @param {import("../../components/unread.js").Message[]} props.live
 * @param {boolean} props.loaded
 * @param {string} props.acknowledgedIntro
 * @param {string} props.title of the page
 * @param {{ log: string, down: string }} props.words
 * @param {() => void} props.onSeen
 * @param {import("react").ReactNode} props.children
 */
export function ThreadLog({ history, live, loaded, acknowledgedIntro, title, words, onSeen, children }) {
  const messages = useMemo(() => [...history, ...live], [history, live]);
  const rows = useRef(/** @type {Map<string, HTMLElement>} */ (new Map()));
  const outbox = useOutbox();
  const filled = messages.length > 0 || outbox.length > 0;
  const ready = useReady(loaded, acknowledgedIntro);
  const owner = useOwner();
  const scroll = useStickToEnd(logRef, { drawn: loaded, filled, growing: () => rows.current.get(WRITING) });
  const [unseen, setUnseen] = useState(0);
  const [unread, setUnread] = useState("");
  const before = useRef({ messages, loaded, pending: 0, known: -1, reported: "" });

  function markSeen() {
    if (document.hidden || !scroll.isPinned()) return;
    const last = messages.findLast(({ who }) => who === "operator")?.id ?? "";
    if (last && last !== before.current.reported && ready) {
      before.current.reported = last;
      onSeen();
    }
    setUnseen(0);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: another visitor's thread starts at its end, without unread messages
  useLayoutEffect(() => {
    Object.assign(before.current, { known: -1, reported: "" });
    scroll.pin(true);
    setUnseen(0);
    setUnread("");
  }, [owner]);

  useLayoutEffect(() => {
    const was = before.current;
    const changed = was.messages !== messages || was.loaded !== loaded;
    const news = changed && loaded ? newsOf(messages, was.known, "visitor") : [];
    const redrawn = loaded && !was.loaded;
    if (news[0] && (document.hidden || !scroll.isPinned())) {
      setUnread(unread || news[0].id);
      setUnseen(unseen + news.length);
    }
    if (outbox.length > was.pending) scroll.pin(true);
    if (scroll.isPinned()) {
      if (filled) scroll.toEnd(news[0] && rows.current.get(news[0].id));
    } else if (redrawn) scroll.restore();
    else if (grewAbove(was.messages, messages)) scroll.keepFromEnd();
    const known = changed && loaded ? lastPosition(messages, Math.max(was.known, 0)) : was.known;
    Object.assign(was, { messages, loaded, pending: outbox.length, known });
    scroll.follow();
  });

  useEffect(markSeen);
  useVisibility(markSeen);

  useEffect(() => {
    if (!unread || unseen) return undefined;
    const timer = setTimeout(() => setUnread(""), SEEN);
    return () => clearTimeout(timer);
  }, [unread, unseen]);

  useEffect(() => {
    if (loaded) document.title = titled(unseen, title);
  }, [loaded, unseen, title]);

  function scrollDown() {
    scroll.pin(true);
    const log = logRef.current;
    if (!log) return;
    log.scrollTop = log.scrollHeight;
    log.focus({ preventScroll: true });
    markSeen();
  }

  function onScroll() {
    scroll.onScroll();
    if (loaded) markSeen();
  }

  const log = useMemo(() => ({ rows: rows.current, unread }), [unread]);
  return (
    <LogContext value={log}>
      <div className="relative flex flex-1 min-h-0">
        <div
          ref={logRef}
          role="log"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled with the keyboard
          tabIndex={0}
          className="flex-1 min-w-0 overflow-y-auto overscroll-contain"
          aria-label={words.log}
          aria-live="polite"
          aria-relevant="additions"
          data-log=""
          onScroll={onScroll}
        >
          {children}
        </div>
        <WayDown shown={!scroll.atEnd && filled} count={unseen} label={words.down} onClick={scrollDown} />
      </div>
    </LogContext>
  );
}

/**
 * A row of the thread.
 *
 * @param {import("react").HTMLAttributes<HTMLDivElement> & { row: string, mark: string }} props `mark` is shown above the
 *   first unread row
 */
export function ThreadRow({ row, mark, ...props }) {
  const { rows, unread } = useContext(LogContext);
  const register = useCallback(
    /** @param {HTMLDivElement} element */
    (element) => {
      rows.set(row, element);
      return () => {
        if (rows.get(row) === element) rows.delete(row);
      };
    },
    [rows, row],
  );
  return <div {...props} ref={register} data-unread={unread === row ? mark : undefined} />;
}
