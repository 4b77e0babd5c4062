/**
 * What one part of the desk asks of another by name: keys, buttons, dialogs and columns need not know each other.
 *
 * @typedef {(...values: any[]) => unknown} Act
 */

/** @type {Map<string, Act[]>} */
const handlers = new Map();

/**
 * Carry out a command for as long as a part is drawn.
 *
 * @param {string} name @param {Act} act
 * @returns {() => void} ends that
 */
export function handle(name, act) {
  handlers.set(name, [...(handlers.get(name) ?? []), act]);
  return () => {
    handlers.set(
      name,
      (handlers.get(name) ?? []).filter((one) => one !== act),
    );
  };
}

/**
 * Give a command; the part that was drawn last carries it out, and where none is nothing happens.
 *
 * @param {string} name @param {unknown[]} values
 */
export const run = (name, ...values) => handlers.get(name)?.at(-1)?.(...values);
