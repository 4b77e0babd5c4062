/**
 * The browser's way back over a desk: each opened conversation is a step of the page's history.
 *
 * @typedef {{ desk?: string, from?: string | null }} Step what stands at a step: the conversation that is open, or none
 *   (empty), and what was open before it
 * @typedef {{ kind: "stay" } | { kind: "back" } | { kind: "replace" | "push", step: Step }} Move
 */
export function createSteps() {
  let here = false;
  let leaving = false;
  /** @type {string | null} */
  let going = null;
  return {
    /** The operator closes the conversation by the page's own button. */
    leave() {
      leaving = true;
      going = null;
    },
    /** Something else is opened than what the browser's way back led to. */
    turn() {
      going = null;
    },
    /**
     * The browser has gone to another step.
     *
     * @param {Step | null} step @param {string} open
     * @returns {string | null} what to open; null when it is open, or the step is none of ours
     */
    goTo(step, open) {
      const wanted = step?.desk;
      if (wanted === undefined || wanted === open) return null;
      going = wanted;
      return wanted;
    },
    /**
     * Something is drawn as open.
     *
     * @param {string} open @param {Step | null} step the current one
     * @returns {Move}
     */
    drawn(open, step) {
      if (going !== null) {
        if (open === going) going = null;
        return { kind: "stay" };
      }
      const at = step?.desk;
      const left = here && leaving;
      leaving = false;
      if (open) here = true;
      if (open === at) {
        here = true;
        return { kind: "stay" };
      }
      if (at === undefined) return { kind: "replace", step: { desk: open, from: null } };
      if (open) return { kind: "push", step: { desk: open, from: at } };
      // Before the conversation of an earlier visit is drawn, none is; that is no step.
      if (!left) return { kind: "stay" };
      return step?.from === "" ? { kind: "back" } : { kind: "push", step: { desk: "", from: at } };
    },
  };
}
