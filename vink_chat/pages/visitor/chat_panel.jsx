import { useEffect, useLayoutEffect, useRef } from "react";
import { logRef, useOutbox, useReady } from "./use_conversation.js";

/** An on-screen keyboard takes its room from the thread, not from the composer; a pinch changes nothing. */
function fit() {
  if (visualViewport?.scale !== 1) return;
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
}

/**
 * The whole chat. Whoever pressed a button that goes away by it goes on from the thread, not from the top of the page.
 *
 * @param {import("react").HTMLAttributes<HTMLElement> & { loaded: boolean, acknowledgedIntro: string, language: string }} props
 */
export function ChatPanel({ loaded, acknowledgedIntro, language, ...props }) {
  const focused = useRef(/** @type {Element | null} */ (null));
  const introduced = useReady(loaded, acknowledgedIntro);
  // Its buttons go away as well.
  useOutbox();

  useLayoutEffect(() => {
    if (!focused.current || focused.current.isConnected) return;
    focused.current = null;
    if (document.activeElement === document.body && document.hasFocus()) logRef.current?.focus({ preventScroll: true });
  });

  // A page that lives is not loaded again (`pages/document.py`).
  useEffect(() => void dispatchEvent(new Event("vink-live")), []);

  useEffect(() => {
    window.visualViewport?.addEventListener("resize", fit);
    return () => window.visualViewport?.removeEventListener("resize", fit);
  }, []);

  useEffect(() => {
    if (loaded) document.documentElement.lang = language;
  }, [loaded, language]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only looks on
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
