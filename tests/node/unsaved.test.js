import assert from "node:assert/strict";
import { test } from "node:test";
import { rangeOfLine } from "../../vink_chat/pages/admin/refused_line.js";
import { anyUnsaved, baseline, watch } from "../../vink_chat/pages/admin/unsaved.js";

test("a form is edited until what it holds is what it was drawn with", () => {
  const form = baseline("a");
  assert.equal(form.differs("a"), false);
  assert.equal(form.differs("b"), true);
});

test("what was sent is the new beginning once the server has saved it", () => {
  const form = baseline("a");
  form.send("b", 1);
  form.saved(1);
  assert.equal(form.differs("b"), true, "the version is still the one it was sent with");
  form.saved(2);
  assert.equal(form.differs("b"), false);
  assert.equal(form.differs("a"), true);
});

test("what was refused stays unsaved, whoever saves another version later", () => {
  const form = baseline("a");
  form.send("b", 1);
  form.refused();
  form.saved(2);
  assert.equal(form.differs("b"), true);
});

test("a page has unsaved edits while one of its forms has", () => {
  let edited = false;
  const leave = watch(() => edited);
  assert.equal(anyUnsaved(), false);
  edited = true;
  assert.equal(anyUnsaved(), true);
  leave();
  assert.equal(anyUnsaved(), false);
});

test("a refused line is found among those that are not empty", () => {
  assert.deepEqual(rangeOfLine("one\n\ntwo\nthree", 2), [5, 8]);
  assert.deepEqual(rangeOfLine("one", 1), [0, 3]);
  assert.equal(rangeOfLine("one\ntwo", 0), null);
  assert.equal(rangeOfLine("one\ntwo", 3), null);
});
