import assert from "node:assert/strict";
import { test } from "node:test";
import { age, duration } from "../../vink_chat/pages/desk/durations.js";
import { cardEdits } from "../../vink_chat/pages/desk/edits.js";

const UNITS = "д ч м";

test("a wait is told in minutes, then in hours, then in days", () => {
  assert.equal(duration(0, UNITS), "0:00");
  assert.equal(duration(187, UNITS), "3:07");
  assert.equal(duration(3_780, UNITS), "1 ч 03 м");
  assert.equal(duration(187_200, UNITS), "2 д 4 ч");
});

test("a wait grows serious after a minute and after five", () => {
  assert.deepEqual([59, 60, 299, 300].map(age), ["new", "long", "long", "late"]);
});

test("a field that was typed into is sent once, and again when it is asked for", () => {
  const edits = cardEdits();
  edits.type("a:name", "Анна");
  assert.equal(edits.send("a:name", 0), "Анна");
  assert.equal(edits.send("a:name", 0), undefined);
  assert.equal(edits.send("a:name", 0, true), "Анна");
  assert.equal(edits.send("a:phone", 0, true), undefined);
});

test("what was typed into one conversation's card stays there", () => {
  const edits = cardEdits();
  edits.type("a:name", "Анна");
  assert.equal(edits.text("b:name"), undefined);
  assert.equal(edits.text("a:name"), "Анна");
});

test("a saved field is drawn as the server has it once that is drawn", () => {
  const edits = cardEdits();
  edits.type("a:name", "Анна");
  edits.send("a:name", 3);
  edits.saved("a:name", 3);
  edits.drawn("a:name");
  assert.equal(edits.text("a:name"), "Анна", "the third answer was to something else");
  edits.saved("a:name", 4);
  assert.equal(edits.text("a:name"), "Анна");
  edits.drawn("a:name");
  assert.equal(edits.text("a:name"), undefined);
});

test("what is typed while a field is being saved is not lost with it", () => {
  const edits = cardEdits();
  edits.type("a:name", "Анна");
  edits.send("a:name", 0);
  edits.type("a:name", "Анна П");
  edits.saved("a:name", 1);
  edits.drawn("a:name");
  assert.equal(edits.text("a:name"), "Анна П");
  assert.equal(edits.send("a:name", 1), "Анна П");
});
