/** The time, as everything on a page reads it that changes with the seconds. */

/** @type {Set<() => void>} */
const listeners = new Set();
let moment = Date.now();
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** @returns milliseconds since 1970; what it was at the last full tick */
export const now = () => moment;

/** @param {() => void} listener called every second */
export function subscribe(listener) {
  if (!listeners.size) {
    moment = Date.now();
    timer = setInterval(tick, 1000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (!listeners.size) clearInterval(timer);
  };
}

function tick() {
  moment = Date.now();
  for (const listener of listeners) listener();
}
