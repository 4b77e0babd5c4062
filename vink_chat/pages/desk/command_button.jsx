import { useRef } from "react";
import { run } from "./commands.js";
import { useCommand } from "./use_command.js";

/**
 * A button that gives a command when it is pressed, or that a command presses.
 *
 * @param {import("react").ButtonHTMLAttributes<HTMLButtonElement> & { runs?: string, subject?: string, pressedBy?: string }} props
 *   the command is given with its `subject`, after what the button itself does
 */
export function CommandButton({ runs, subject, pressedBy = "", onClick, ...props }) {
  const ref = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useCommand(pressedBy, () => ref.current?.click());
  /** @param {import("react").MouseEvent<HTMLButtonElement>} event */
  const press = (event) => {
    onClick?.(event);
    if (runs) run(runs, subject);
  };
  return <button {...props} ref={ref} onClick={press} />;
}
