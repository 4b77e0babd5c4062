/** Keeps a log at its end, unless its reader scrolled up. */

import { useLayoutEffect, useRef, useState } from "react";
import { endOf, isAtEnd } from "./stick_to_end.js";

/**
 * @param {import("react").RefObject<HTMLElement | null>} log the element that scrolls, with one child that holds it all
 * @param {object} now
 * @param {boolean} now.drawn whether what it holds is the thread, not what stands there before it
 * @param {boolean} now.filled whether there is anything to be at the end of
 * @param {() => HTMLElement | null | undefined} now.growing the row that is being written
 */
export function useStickToEnd(log, { drawn, filled, growing }) {
  const [atEnd, setAtEnd] = useState(true);
  const pinned = useRef(true);
  const begun = useRef(/** @type {HTMLElement | null} */ (null));
  const place = useRef({ scrollTop: 0, scrollHeight: 0, clientHeight: 0 });

  /** @param {boolean} on */
  function pin(on) {
    pinned.current = on;
    setAtEnd(on);
  }

  function measure() {
    if (!log.current || !drawn) return;
    const { scrollTop, scrollHeight, clientHeight } = log.current;
    place.current = { scrollTop, scrollHeight, clientHeight };
  }

  /** @param {HTMLElement | null} [row] whose beginning is shown, once, when it is taller than the log */
  function toEnd(row = growing() ?? null) {
    const element = log.current;
    if (!element) return;
    const start =
      row && row !== begun.current
        ? row.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop
        : undefined;
    const { top, atEnd } = endOf(element, start);
    element.scrollTop = top;
    if (!atEnd) {
      begun.current = row;
      pin(false);
    }
    measure();
  }

  function follow() {
    if (pinned.current && filled) toEnd();
    else measure();
  }

  const onResize = useRef(follow);
  useLayoutEffect(() => {
    onResize.current = follow;
  });
  useLayoutEffect(() => {
    const element = log.current;
    if (!element) return undefined;
    const resized = new ResizeObserver(() => onResize.current());
    for (const part of [element, ...element.children]) resized.observe(part);
    return () => resized.disconnect();
  }, [log]);

  return {
    atEnd,
    isPinned: () => pinned.current,
    pin,
    toEnd,
    follow,
    /** Stay where the reader is while rows came above. */
    keepFromEnd() {
      if (log.current) log.current.scrollTop += log.current.scrollHeight - place.current.scrollHeight;
      measure();
    },
    /** Go back to where the reader was before the thread was drawn anew. */
    restore() {
      if (log.current) log.current.scrollTop = place.current.scrollTop;
      measure();
    },
    onScroll() {
      const element = log.current;
      if (!element || !drawn) return;
      const { scrollHeight, clientHeight } = place.current;
      // What moved while it grew was not scrolled by anybody.
      if (element.scrollHeight === scrollHeight && element.clientHeight === clientHeight) pin(isAtEnd(element));
      measure();
    },
  };
}
