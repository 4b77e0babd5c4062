/** Which forms of a page hold edits that nobody saved. */

/** @type {Set<() => boolean>} */
const checks = new Set();

/**
 * Add a form; `edited` is asked whenever somebody is about to leave the page.
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
 * What one form was saved as: at first as it is drawn, then as it was sent once the server has saved that.
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
    /** @param {number} version the version the server tells of now */
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
