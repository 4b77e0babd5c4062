import assert from "node:assert/strict";
import { test } from "node:test";
import { actionOf } from "../../vink_chat/pages/desk/composer_keys.js";

const FIELD = { suggestionsOpen: false, empty: true, isEditing: false, hasSentMessage: true };
const KEY = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
const pressed = (/** @type {string} */ key, field = {}, more = {}) =>
  actionOf({ ...KEY, key, ...more }, { ...FIELD, ...field });

test("Enter sends, but not with Shift nor while a word is being composed", () => {
  assert.equal(pressed("Enter"), "send");
  assert.equal(pressed("Enter", {}, { shiftKey: true }), "");
  assert.equal(pressed("Enter", {}, { isComposing: true }), "");
});

test("while canned replies are offered the keys choose among them", () => {
  const keys = ["ArrowDown", "ArrowUp", "Enter", "Escape"];
  assert.deepEqual(
    keys.map((key) => pressed(key, { suggestionsOpen: true, empty: false })),
    ["next", "previous", "insert", "hide"],
  );
});

test("the arrow up corrects the last own message from an empty field alone", () => {
  assert.equal(pressed("ArrowUp"), "correct");
  assert.equal(pressed("ArrowUp", { empty: false }), "");
  assert.equal(pressed("ArrowUp", { isEditing: true }), "");
  assert.equal(pressed("ArrowUp", { hasSentMessage: false }), "");
  assert.equal(pressed("ArrowUp", {}, { altKey: true }), "");
});

test("Escape leaves the field", () => {
  assert.equal(pressed("Escape"), "leave");
});
