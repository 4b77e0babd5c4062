/** Values kept in a browser's storage, as JSON. Storage that is full or forbidden keeps nothing. */

/** @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage */
export function kept(storage) {
  return {
    /**
     * @param {string} key
     * @returns {unknown} undefined when nothing is kept, or nothing that can be read
     */
    read(key) {
      try {
        return JSON.parse(storage.getItem(key) ?? "null") ?? undefined;
      } catch {
        return undefined;
      }
    },
    /** @param {string} key @param {unknown} value undefined and "" take the key away */
    keep(key, value) {
      try {
        if (value === undefined || value === "") storage.removeItem(key);
        else storage.setItem(key, JSON.stringify(value));
      } catch {
        // The page goes on without it.
      }
    },
  };
}
