import { useEffect } from "react";

/**
 * Close what lies open over the page: by Escape, or by a press anywhere else.
 *
 * @param {{ current: HTMLElement | null }} ref what lies open
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
