import assert from "node:assert/strict";
import { test } from "node:test";
import { createSteps } from "../../vink_chat/pages/desk/steps.js";

test("each opened conversation is a step that knows the one before", () => {
  const steps = createSteps();
  assert.deepEqual(steps.drawn("", null), { kind: "replace", step: { desk: "", from: null } });
  assert.deepEqual(steps.drawn("a", { desk: "" }), { kind: "push", step: { desk: "a", from: "" } });
  assert.deepEqual(steps.drawn("b", { desk: "a", from: "" }), { kind: "push", step: { desk: "b", from: "a" } });
  assert.deepEqual(steps.drawn("b", { desk: "b", from: "a" }), { kind: "stay" });
});

test("after a reload the conversation that is drawn again is no new step", () => {
  const steps = createSteps();
  assert.deepEqual(steps.drawn("", { desk: "a", from: "" }), { kind: "stay" });
  assert.deepEqual(steps.drawn("a", { desk: "a", from: "" }), { kind: "stay" });
});

test("the page's own way back leads over the step the operator came from", () => {
  const steps = createSteps();
  steps.drawn("a", { desk: "" });
  steps.leave();
  assert.deepEqual(steps.drawn("", { desk: "a", from: "" }), { kind: "back" });
  steps.drawn("b", { desk: "a", from: "" });
  steps.leave();
  assert.deepEqual(steps.drawn("", { desk: "b", from: "a" }), { kind: "push", step: { desk: "", from: "b" } });
});

test("where the browser led to is opened, and what is drawn until then is no step", () => {
  const steps = createSteps();
  steps.drawn("b", { desk: "a" });
  assert.equal(steps.goTo({ desk: "a" }, "b"), "a");
  assert.deepEqual(steps.drawn("c", { desk: "a" }), { kind: "stay" });
  assert.deepEqual(steps.drawn("a", { desk: "a" }), { kind: "stay" });
  assert.deepEqual(steps.drawn("d", { desk: "a" }), { kind: "push", step: { desk: "d", from: "a" } });
});

test("who opens something else meanwhile is not held to where the browser led", () => {
  const steps = createSteps();
  steps.drawn("b", { desk: "a" });
  steps.goTo({ desk: "a" }, "b");
  steps.turn();
  assert.deepEqual(steps.drawn("c", { desk: "a" }), { kind: "push", step: { desk: "c", from: "a" } });
});

test("a step of another page opens nothing", () => {
  const steps = createSteps();
  assert.equal(steps.goTo(null, "a"), null);
  assert.equal(steps.goTo({}, "a"), null);
  assert.equal(steps.goTo({ desk: "a" }, "a"), null);
});
