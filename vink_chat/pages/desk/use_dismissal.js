import { useEffect } from "react";

/**
 * Close an overlay by Escape, or by a press outside it.
 *
 * @param {{ current: HTMLElement | null }} ref the overlay
 * @param {boolean} open @param {(byKey: boolean) => void} close
 */
export function useDismissal(ref, open, close) {
  useEffect(() => {
    if (!open) return undefined;
    /** @param {KeyboardEvent} event */
    const key = (event) => event.key === "Escape" && close(true);
    /** @param {MouseEvent} event */
    const press = (event) => event.target instanceof Node && !ref.current?.contains(event.target) && close(false);
    document.addEventListener("keydown", key);
    document.addEventListener("click", press, true);
    return () => {
      document.removeEventListener("keydown", key);
      document.removeEventListener("click", press, true);
    };
  });
}
