import { useEffect, useLayoutEffect, useRef } from "react";
import { logRef, useOutbox, useReady } from "./use_conversation.js";

/** An on-screen keyboard shrinks the thread, not the composer; pinch zoom changes nothing. */
function fit() {
  if (visualViewport?.scale !== 1) return;
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
}

/**
 * The whole chat. When a pressed button disappears, focus moves to the thread instead of the top of the page.
 *
 * @param {import("react").HTMLAttributes<HTMLElement> & { loaded: boolean, acknowledgedIntro: string, language: string }} props
 */
export function ChatPanel({ loaded, acknowledgedIntro, language, ...props }) {
  const focused = useRef(/** @type {Element | null} */ (null));
  const introduced = useReady(loaded, acknowledgedIntro);
  // Rerender with the outbox: its buttons disappear too.
  useOutbox();

  useLayoutEffect(() => {
    if (!focused.current || focused.current.isConnected) return;
    focused.current = null;
    if (document.activeElement === document.body && document.hasFocus()) logRef.current?.focus({ preventScroll: true });
  });

  // A live page is not loaded again (`pages/document.py`).
  useEffect(() => void dispatchEvent(new Event("vink-live")), []);

  useEffect(() => {
    window.visualViewport?.addEventListener("resize", fit);
    return () => window.visualViewport?.removeEventListener("resize", fit);
  }, []);

  useEffect(() => {
    if (loaded) document.documentElement.lang = language;
  }, [loaded, language]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only observes focus
    <section
      {...props}
      data-chat={loaded}
      data-introduced={introduced}
      data-language={language}
      onFocus={({ target }) => {
        focused.current = target;
      }}
    />
  );
}
