import { useEffect, useRef } from "react";
import { createSteps } from "./steps.js";
import { useCommand } from "./use_command.js";

/** On the way to another page that page's own step is current while the desk still stands. */
const away = () => !location.pathname.startsWith("/desk");

/**
 * Lets the browser's Back lead through the opened conversations. The router is not told of these steps: at each of its
 * own the whole page is loaded again.
 *
 * @param {{ openId: string, onGo: (conversationId: string) => void }} props commands: `leave conversation`,
 *   `went elsewhere`
 */
export function DeskHistory({ openId, onGo }) {
  const ref = useRef(/** @type {ReturnType<typeof createSteps> | null} */ (null));
  ref.current ??= createSteps();
  const steps = ref.current;
  useCommand("leave conversation", steps.leave);
  useCommand("went elsewhere", steps.turn);
  useEffect(() => {
    if (away()) return;
    const move = steps.drawn(openId, history.state);
    if (move.kind === "back") history.back();
    else if (move.kind === "push") history.pushState({ ...history.state, ...move.step }, "");
    else if (move.kind === "replace") history.replaceState({ ...history.state, ...move.step }, "");
  }, [openId, steps]);
  useEffect(() => {
    /** @param {PopStateEvent} event */
    const go = (event) => {
      if (event.state?.desk === undefined || away()) return;
      event.stopImmediatePropagation();
      const wanted = steps.goTo(event.state, openId);
      if (wanted !== null) onGo(wanted);
    };
    addEventListener("popstate", go, true);
    return () => removeEventListener("popstate", go, true);
  });
  return null;
}
