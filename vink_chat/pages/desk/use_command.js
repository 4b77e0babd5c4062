import { useEffect } from "react";
import { handle } from "./commands.js";

/**
 * Handle a command of the desk with the props of the last render.
 *
 * @param {string} name @param {import("./commands.js").Act} act
 */
export function useCommand(name, act) {
  useEffect(() => handle(name, act));
}
