/** A browser's storage in memory, and a clock that only moves when it is told to. */

export function memoryStorage() {
  /** @type {Map<string, string>} */
  const values = new Map();
  return {
    values,
    getItem: (/** @type {string} */ key) => values.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void values.set(key, value),
    removeItem: (/** @type {string} */ key) => void values.delete(key),
  };
}

export function stoppedClock() {
  let time = 1_000_000;
  return {
    now: () => time,
    pass(/** @type {number} */ milliseconds) {
      time += milliseconds;
    },
  };
}

export function counted() {
  let made = 0;
  return () => `id-${++made}`;
}
