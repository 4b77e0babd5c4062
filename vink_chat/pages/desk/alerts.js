/** Which news an operator's desk tells of, and when the queue rings again. */

const AGAIN = 15_000;

/**
 * @typedef {object} Queue
 * @property {number} waiting how many wait for this operator
 * @property {number} mine how many conversations the operator holds
 * @property {string} newest when the newest call came
 * @property {string} sound off, once or repeated
 * @property {boolean} here whether the operator is there
 */

export function createAlerts() {
  /** @type {string | null} */
  let called = null;
  let rang = 0;
  /** @type {Set<string> | null} */
  let heard = null;
  return {
    /**
     * Tell whether the queue calls now: at each new call, and every fifteen seconds while somebody waits and this
     * operator has a free hand.
     *
     * @param {Queue} queue @param {number} now
     * @returns {string} the mark of what is told; empty when nothing is
     */
    call({ waiting, mine, newest, sound, here }, now) {
      const fresh = called !== null && newest > called;
      const again = sound === "repeated" && waiting > 0 && mine === 0 && now - rang > AGAIN;
      if (called === null || newest > called) called = newest;
      if (!here || !(fresh || again)) return "";
      rang = now;
      return fresh ? newest : `${newest} ${Math.floor(now / AGAIN)}`;
    },
    /**
     * Return which marks are news: each is told once, and what is being read is not; what was there at first is none.
     *
     * @param {string[]} marks @param {(mark: string) => boolean} isRead
     */
    news(marks, isRead) {
      const fresh = heard ? marks.filter((mark) => !heard?.has(mark) && !isRead(mark)) : [];
      heard = new Set([...(heard ?? []), ...marks]);
      return fresh;
    },
  };
}

/**
 * Put before a page's title what needs this operator: news in their own conversations, then who waits for anybody.
 *
 * @param {string} title @param {number} own @param {number} queue
 */
export function titled(title, own, queue) {
  const parts = [own && `●${own}`, queue].filter(Boolean).join(" · ");
  const plain = title.replace(/^\([^)]*\) /, "");
  return parts ? `(${parts}) ${plain}` : plain;
}
