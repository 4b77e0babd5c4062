/** Tracks which forms of a page have unsaved edits. */

/** @type {Set<() => boolean>} */
const checks = new Set();

/**
 * Add a form; `edited` is called whenever the page is about to be left.
 *
 * @param {() => boolean} edited
 * @returns {() => void} removes the form again
 */
export function watch(edited) {
  checks.add(edited);
  return () => checks.delete(edited);
}

export const anyUnsaved = () => [...checks].some((edited) => edited());

/**
 * The saved values of one form: first as rendered, then as submitted once the server has stored them.
 *
 * @param {string} drawn
 */
export function baseline(drawn) {
  let saved = drawn;
  /** @type {{ typed: string, version: number } | null} */
  let sent = null;
  return {
    /** @param {string} typed */
    differs: (typed) => typed !== saved,
    /** @param {string} typed @param {number} version */
    send(typed, version) {
      sent = { typed, version };
    },
    /** @param {number} version the version the server reports now */
    saved(version) {
      if (sent && sent.version !== version) {
        saved = sent.typed;
        sent = null;
      }
    },
    refused() {
      sent = null;
    },
  };
}
