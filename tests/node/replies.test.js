import assert from "node:assert/strict";
import { test } from "node:test";
import { matchingReplies, withName } from "../../vink_chat/pages/desk/canned.js";
import { createReplies, shownOf } from "../../vink_chat/pages/desk/replies.js";

function memory() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: (/** @type {string} */ key) => void kept.delete(key),
  };
}

function desk(storage = memory()) {
  let number = 0;
  return createReplies({ storage, makeId: () => `id-${++number}` });
}

test("what is typed in one conversation stays there, and is there after a reload", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.type("a", "Ответ A", "mine");
  assert.deepEqual(shownOf(replies.of("b"), "mine"), { text: "", note: false });
  assert.deepEqual(shownOf(desk(storage).of("a"), "mine"), { text: "Ответ A", note: false });
});

test("a note comes back as a note", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.choose("a", true, "mine");
  replies.type("a", "Для своих", "mine");
  replies.unchoose("a");
  assert.deepEqual(shownOf(desk(storage).of("a"), "mine"), { text: "Для своих", note: true });
});

test("an empty field begins as an answer where one can be given, and else as a note", () => {
  const reply = desk().of("a");
  assert.equal(shownOf(reply, "mine").note, false);
  assert.equal(shownOf(reply, "").note, true);
});

test("a note that was chosen stays one, an answer only while it can be given in the same way", () => {
  const replies = desk();
  replies.choose("a", true, "take");
  assert.equal(shownOf(replies.of("a"), "mine").note, true);
  replies.choose("a", false, "mine");
  assert.equal(shownOf(replies.of("a"), "").note, true);
  replies.choose("a", true, "take");
  replies.unchoose("a");
  assert.equal(shownOf(replies.of("a"), "mine").note, false);
});

test("who deletes a note to write it again writes a note", () => {
  const storage = memory();
  desk(storage).choose("a", true, "mine");
  const first = desk(storage);
  first.choose("a", true, "mine");
  first.type("a", "Для", "mine");
  const replies = desk(storage);
  replies.type("a", "", "mine");
  replies.type("a", "Д", "mine");
  assert.equal(shownOf(replies.of("a"), "mine").note, true);
});

test("what was sent stays in the field until the thread shows it, and is sent again under the same id", () => {
  const replies = desk();
  replies.type("a", " Здравствуйте ", "mine");
  const sent = replies.send("a", "mine");
  assert.deepEqual(sent, { id: "id-1", text: "Здравствуйте", note: false, quote: "" });
  assert.equal(replies.of("a").text, " Здравствуйте ");
  assert.equal(replies.send("a", "mine")?.id, "id-1");
  replies.settle("a", ["another"], "mine");
  assert.equal(replies.of("a").text, " Здравствуйте ");
  replies.settle("a", ["id-1"], "mine");
  assert.deepEqual([replies.of("a").text, replies.of("a").sent], ["", null]);
});

test("what was typed after sending is not lost when the thread shows what was sent", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.type("a", "Первое", "mine");
  replies.send("a", "mine");
  replies.type("a", "Второе", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.equal(replies.of("a").text, "Второе");
  assert.equal(desk(storage).of("a").text, "Второе");
});

test("another text, another kind or another quotation is another message", () => {
  const replies = desk();
  replies.type("a", "Да", "mine");
  replies.send("a", "mine");
  replies.choose("a", true, "mine");
  assert.equal(replies.send("a", "mine")?.id, "id-2");
  replies.quote("a", { id: "m", text: "?" });
  assert.deepEqual(replies.send("a", "mine"), { id: "id-3", text: "Да", note: true, quote: "m" });
});

test("what another tab has sent is not offered again where the conversation is opened once more", () => {
  const storage = memory();
  const [first, second] = [desk(storage), desk(storage)];
  first.type("a", "Ваш заказ готов", "mine");
  second.open("a");
  second.send("a", "mine");
  second.settle("a", ["id-1"], "mine");
  first.open("a");
  assert.equal(first.of("a").text, "");
  assert.equal(first.send("a", "mine"), null);
});

test("what another tab has written is there where the conversation is opened once more", () => {
  const storage = memory();
  const [first, second] = [desk(storage), desk(storage)];
  first.open("a");
  second.choose("a", true, "mine");
  second.type("a", "Заметка на полчаса", "mine");
  first.open("a");
  assert.deepEqual(shownOf(first.of("a"), "mine"), { text: "Заметка на полчаса", note: true });
});

test("an open conversation shows what another tab writes in it, and never instead of what was typed here since", () => {
  const storage = memory();
  const [first, second] = [desk(storage), desk(storage)];
  first.open("a");
  second.type("a", "Добрый", "mine");
  first.hear("vink_reply:a", null);
  assert.equal(first.of("a").text, "Добрый");
  const before = storage.getItem("vink_reply:a");
  first.type("a", "Добрый день", "mine");
  second.type("a", "", "mine");
  first.hear("vink_reply:a", before);
  assert.equal(first.of("a").text, "Добрый день");
  assert.equal(desk(storage).of("a").text, "Добрый день");
});

test("what was typed in one tab outlives that another one sees what was sent arrive", () => {
  const storage = memory();
  const [first, second] = [desk(storage), desk(storage)];
  first.type("a", "Первое", "mine");
  first.send("a", "mine");
  second.open("a");
  first.type("a", "Второе", "mine");
  second.settle("a", ["id-1"], "mine");
  assert.equal(desk(storage).of("a").text, "Второе");
});

test("an own correction outlives that the conversation is opened once more", () => {
  const replies = desk();
  replies.correct("a", { id: "m", own: "Завтро", note: false });
  replies.open("a");
  assert.equal(replies.of("a").correction?.id, "m");
});

test("a note that was sent is no part of the answer that is written before the thread shows it", () => {
  const replies = desk();
  replies.choose("a", true, "mine");
  replies.type("a", "клиент хамит", "mine");
  replies.send("a", "mine");
  replies.choose("a", false, "mine");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "", note: false });
  replies.type("a", "Добрый день", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.deepEqual(replies.send("a", "mine"), { id: "id-2", text: "Добрый день", note: false, quote: "" });
  replies.settle("a", ["id-1", "id-2"], "mine");
  assert.deepEqual([replies.of("a").text, replies.of("a").aside], ["", null]);
});

test("a note that was put aside and did not arrive is sent again as itself", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.choose("a", true, "mine");
  replies.quote("a", { id: "m", text: "?" });
  replies.type("a", "клиент хамит", "mine");
  const note = replies.send("a", "mine");
  replies.choose("a", false, "mine");
  assert.equal(replies.of("a").quote, null, "what the note is about goes with it");
  const reloaded = desk(storage);
  reloaded.open("a");
  assert.deepEqual(reloaded.send("a", "mine"), note);
  replies.choose("a", true, "mine");
  assert.deepEqual(replies.send("a", "mine"), note);
});

test("what was typed on after a note was sent goes on as what was chosen", () => {
  const replies = desk();
  replies.choose("a", true, "mine");
  replies.type("a", "клиент хамит", "mine");
  replies.send("a", "mine");
  replies.type("a", "клиент хамит Добрый день", "mine");
  replies.choose("a", false, "mine");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "Добрый день", note: false });
});

test("a quotation chosen after a note was sent is for the answer", () => {
  const replies = desk();
  replies.choose("a", true, "mine");
  replies.type("a", "клиент хамит", "mine");
  replies.send("a", "mine");
  replies.quote("a", { id: "m", text: "?" });
  replies.choose("a", false, "mine");
  assert.equal(replies.of("a").quote?.id, "m");
});

test("what was typed after what was sent stays alone when the thread shows it", () => {
  const replies = desk();
  replies.type("a", "Да", "mine");
  replies.send("a", "mine");
  replies.type("a", "Да Заходите", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.equal(replies.of("a").text, "Заходите");
  replies.send("a", "mine");
  replies.type("a", "Заходите, пожалуйста", "mine");
  replies.settle("a", ["id-2"], "mine");
  assert.equal(replies.of("a").text, "Заходите, пожалуйста", "it is another text");
});

test("a draft does not make an answer of a note, which comes back when the answer is sent", () => {
  const storage = memory();
  const replies = desk(storage);
  replies.choose("a", true, "mine");
  replies.type("a", "клиент хамит", "mine");
  replies.insertDraft("a", "Добрый день");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "Добрый день", note: false });
  assert.equal(desk(storage).of("a").aside?.text, "клиент хамит");
  assert.equal(replies.send("a", "mine")?.text, "Добрый день");
  replies.settle("a", ["id-1"], "mine");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "клиент хамит", note: true });
});

test("a draft stands after the answer that is being written", () => {
  const replies = desk();
  replies.type("a", "Здравствуйте! ", "mine");
  replies.insertDraft("a", "Минимум нет.");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "Здравствуйте!\n\nМинимум нет.", note: false });
});

test("a quotation goes with the message it was sent with", () => {
  const replies = desk();
  replies.quote("a", { id: "m", text: "?" });
  replies.type("a", "Да", "mine");
  replies.send("a", "mine");
  replies.settle("a", ["id-1"], "mine");
  assert.equal(replies.of("a").quote, null);
});

test("the draft waits until a correction is over", () => {
  const replies = desk();
  replies.type("a", "Черновик", "mine");
  replies.correct("a", { id: "m", own: "Завтро", note: false });
  replies.type("a", "Завтра", "mine");
  assert.equal(replies.send("a", "mine"), null, "a correction is no message");
  assert.equal(replies.saveCorrection("a", "")?.sent, "Завтра");
  replies.corrected("m:1");
  assert.deepEqual(shownOf(replies.of("a"), "mine"), { text: "Черновик", note: false });
});

test("a correction that goes on being typed is not over when what was sent is saved", () => {
  const replies = desk();
  replies.correct("a", { id: "m", own: "Завтро", note: false });
  replies.type("a", "Завтра", "mine");
  replies.saveCorrection("a", "m:1");
  replies.type("a", "Завтра утром", "mine");
  replies.corrected("m:1");
  assert.equal(replies.of("a").correction?.sent, "Завтра", "the mark is the one from before");
  replies.corrected("m:2");
  assert.deepEqual(replies.of("a").correction, { ...replies.of("a").correction, was: "Завтра", sent: undefined });
  assert.equal(shownOf(replies.of("a"), "mine").text, "Завтра утром");
});

test("a correction that changes nothing is over at once", () => {
  const replies = desk();
  replies.correct("a", { id: "m", own: "Завтра", note: false });
  assert.equal(replies.saveCorrection("a", ""), null);
  assert.equal(replies.of("a").correction, null);
});

test("first the correction is left, then the quotation", () => {
  const replies = desk();
  replies.quote("a", { id: "q", text: "?" });
  replies.correct("a", { id: "m", own: "Завтра", note: false });
  assert.deepEqual([replies.leave("a"), replies.of("a").quote?.id], [true, "q"]);
  assert.deepEqual([replies.leave("a"), replies.leave("a")], [true, false]);
});

test("each draft of the assistant's is tried once", () => {
  const replies = desk();
  assert.deepEqual([0, 1, 1, 2].map(replies.isNewDraft), [false, true, false, true]);
});

test("a canned reply is found by a slash, or the full stop on its key", () => {
  const canned = [
    { shortcut: "привет", title: "", text: "" },
    { shortcut: "прайс", title: "", text: "" },
  ];
  assert.equal(matchingReplies(canned, "/").length, 2);
  assert.deepEqual(
    matchingReplies(canned, ".Пра").map(({ shortcut }) => shortcut),
    ["прайс"],
  );
  assert.deepEqual(matchingReplies(canned, "... сейчас"), []);
  assert.deepEqual(matchingReplies(canned, "нет /"), []);
});

test("a canned reply calls the visitor by name, and reads as a sentence without one", () => {
  assert.equal(withName("Здравствуйте, {имя}! Да.", "Мария"), "Здравствуйте, Мария! Да.");
  assert.equal(withName("Здравствуйте, {имя}! Да.", ""), "Здравствуйте! Да.");
  assert.equal(withName("{имя}, добрый день", ""), "Добрый день");
  assert.equal(withName("без имени", ""), "без имени");
});
