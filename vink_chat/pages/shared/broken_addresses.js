/** The URLs of images that failed to load, for components that depend on it. */

/** @type {ReadonlySet<string>} */
let broken = new Set();
/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {() => void} listener */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @param {string} address */
export const isBroken = (address) => broken.has(address);

/** @param {string} address @param {boolean} failed */
export function report(address, failed) {
  if (broken.has(address) === failed) return;
  const next = new Set(broken);
  if (failed) next.add(address);
  else next.delete(address);
  broken = next;
  for (const listener of listeners) listener();
}
