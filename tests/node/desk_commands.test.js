import assert from "node:assert/strict";
import { test } from "node:test";
import { handle, run } from "../../vink_chat/pages/desk/commands.js";

test("a command is carried out by the part that was drawn last, until it is gone", () => {
  const leaveFirst = handle("greet", (name) => `first ${name}`);
  const leaveSecond = handle("greet", (name) => `second ${name}`);
  assert.equal(run("greet", "Анна"), "second Анна");
  leaveSecond();
  assert.equal(run("greet", "Анна"), "first Анна");
  leaveFirst();
  assert.equal(run("greet", "Анна"), undefined);
});
