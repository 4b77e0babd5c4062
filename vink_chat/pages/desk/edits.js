/**
 * What was typed into visitors' cards and is not saved yet, by conversation and field: it outlives that another
 * conversation is opened, and what was not saved is tried again when it is drawn the next time.
 *
 * @typedef {{ text: string, sent?: string, after?: number, saved?: boolean }} Edit `after` is the number of the last
 *   answer when it was sent
 */
export function cardEdits() {
  /** @type {Map<string, Edit>} */
  const kept = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();
  /** @param {string} key @param {Edit | null} edit */
  const put = (key, edit) => {
    if (edit) kept.set(key, edit);
    else kept.delete(key);
    for (const listener of listeners) listener();
  };
  return {
    /** @param {() => void} listener */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** @param {string} key */
    text: (key) => kept.get(key)?.text,
    /** @param {string} key @param {string} text */
    type: (key, text) => put(key, { text }),
    /**
     * Say what is to be saved now; nothing where all of it is sent already, unless `again`.
     *
     * @param {string} key @param {number} after @param {boolean} [again]
     */
    send(key, after, again = false) {
      const edit = kept.get(key);
      if (!edit || edit.saved || (edit.sent === edit.text && !again)) return undefined;
      put(key, { ...edit, sent: edit.text, after });
      return edit.text;
    },
    /** The server has saved the field: what was typed since is another edit. @param {string} key @param {number} number */
    saved(key, number) {
      const edit = kept.get(key);
      if (edit && edit.sent === edit.text && number !== edit.after) put(key, { ...edit, saved: true });
    },
    /** What is saved is drawn from now on. @param {string} key */
    drawn(key) {
      if (kept.get(key)?.saved) put(key, null);
    },
  };
}

/** Those of this page. */
export const edits = cardEdits();

/** @param {string} conversationId @param {string} field */
export const keyOf = (conversationId, field) => `${conversationId}:${field}`;
