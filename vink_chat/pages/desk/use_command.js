import { useEffect } from "react";
import { handle } from "./commands.js";

/**
 * Carry out a command of the desk with what was drawn last.
 *
 * @param {string} name @param {import("./commands.js").Act} act
 */
export function useCommand(name, act) {
  useEffect(() => handle(name, act));
}
