import assert from "node:assert/strict";
import { test } from "node:test";
import { kept } from "../../vink_chat/components/kept.js";
import { createConversation, EXPECTED } from "../../vink_chat/pages/visitor/conversation.js";
import { counted, memoryStorage, stoppedClock } from "./fakes.js";

/** @param {{ storage?: ReturnType<typeof memoryStorage>, introduced?: boolean }} [given] */
function open({ storage = memoryStorage(), introduced = false } = {}) {
  const conversation = createConversation({
    store: kept(storage),
    introduced,
    now: stoppedClock().now,
    makeId: counted(),
  });
  return { storage, conversation, texts: () => conversation.outbox.items().map(({ text }) => text) };
}

test("what was typed and what was sent outlive a reload", () => {
  const { storage, conversation } = open();
  conversation.post("Здравствуйте");
  conversation.keepDraft("Не успел дописать");
  const again = open({ storage });
  assert.deepEqual(again.texts(), ["Здравствуйте"]);
  assert.equal(again.conversation.draft(), "Не успел дописать");
});

test("what was typed before anybody was named is whoever's the site names", () => {
  const { storage, conversation, texts } = open({ introduced: true });
  assert.equal(conversation.number(), EXPECTED);
  conversation.post("Где мой заказ?");
  conversation.keepDraft("И ещё");
  conversation.introduce("1", "anna");
  assert.deepEqual(texts(), ["Где мой заказ?"]);
  assert.equal(conversation.draft(), "И ещё");
  assert.deepEqual([...storage.values.keys()].sort(), ["vink_draft:anna", "vink_outbox:anna"]);
});

test("what one visitor typed or could not send is not the next one's, and is there when they are back", () => {
  const { conversation, texts } = open({ introduced: true });
  conversation.introduce("1", "anna");
  conversation.post("Где мой заказ?");
  conversation.keepDraft("Мой телефон");
  conversation.keepTyped("contact", { phone: "+7 903" });
  conversation.introduce("2", "");
  assert.deepEqual(texts(), []);
  assert.equal(conversation.draft(), "");
  assert.deepEqual(conversation.typed("contact"), {});
  conversation.introduce("3", "anna");
  assert.deepEqual(texts(), ["Где мой заказ?"]);
  assert.equal(conversation.draft(), "Мой телефон");
  assert.deepEqual(conversation.typed("contact"), { phone: "+7 903" });
});

test("what is typed into a form goes to whom it was drawn for, whoever was named since", () => {
  const { conversation } = open({ introduced: true });
  conversation.introduce("1", "anna");
  conversation.introduce("2", "boris");
  conversation.keepTyped("contact", { phone: "+7 903" }, "anna");
  conversation.keepTyped("comment", { text: "Спасибо" }, null);
  assert.deepEqual(conversation.typed("contact"), {});
  assert.deepEqual(conversation.typed("comment"), {});
  conversation.introduce("3", "anna");
  assert.deepEqual(conversation.typed("contact"), { phone: "+7 903" });
});

test("whoever signs in takes along what is being written, and leaves nothing of it behind", () => {
  const { storage, conversation } = open({ introduced: true });
  conversation.introduce("1", "");
  conversation.keepDraft("Вопрос");
  conversation.introduce("2", "anna");
  assert.equal(conversation.draft(), "Вопрос");
  assert.deepEqual([...storage.values.keys()], ["vink_draft:anna"]);
});

test("another word about the same visitor changes its number and nothing else", () => {
  const { conversation } = open({ introduced: true });
  conversation.introduce("1", "anna");
  conversation.keepDraft("Вопрос");
  const revision = conversation.revision();
  conversation.introduce("2", "anna");
  assert.equal(conversation.number(), "2");
  assert.equal(conversation.revision(), revision);
});

test("a message that is written anew goes below what is being written", () => {
  const { conversation, texts } = open();
  conversation.post("Раз");
  conversation.keepDraft("Два");
  const revision = conversation.revision();
  conversation.edit("id-1");
  assert.equal(conversation.draft(), "Два\nРаз");
  assert.deepEqual(texts(), []);
  assert.equal(conversation.revision(), revision + 1);
});

test("what the thread shows already does not come back with who is named", () => {
  const storage = memoryStorage();
  const before = open({ storage, introduced: true });
  before.conversation.introduce("1", "");
  before.conversation.post("Привет");
  const { conversation, texts } = open({ storage, introduced: true });
  conversation.settle(["id-1"]);
  conversation.introduce("2", "");
  assert.deepEqual(texts(), []);
  assert.deepEqual(open({ storage }).texts(), []);
});

test("a text over the limit is refused with its length, counted in characters", () => {
  const { conversation } = open();
  conversation.post("🦊".repeat(4000), "{length} из {limit}");
  conversation.post("🦊".repeat(4001), "{length} из {limit}");
  assert.deepEqual(
    conversation.outbox.items().map(({ fault }) => fault),
    ["", "4001 из 4000"],
  );
});

test("whatever stands in storage, the conversation begins", () => {
  for (const hostile of ["", "{", '{"a":1}', "[5]", "null", '"text"', "5"]) {
    const storage = memoryStorage();
    for (const key of ["vink_outbox", "vink_draft", "vink_contacts"]) storage.setItem(key, hostile);
    const { conversation, texts } = open({ storage });
    assert.deepEqual(texts(), []);
    assert.equal(typeof conversation.draft(), "string");
    assert.ok(Object.values(conversation.typed("contact")).every((value) => typeof value === "string"));
  }
});

test("where storage is full or forbidden, nothing is lost while the page stands", () => {
  const storage = memoryStorage();
  storage.setItem = storage.getItem = () => {
    throw new Error("QuotaExceededError");
  };
  const { conversation, texts } = open({ storage });
  conversation.post("Здравствуйте");
  conversation.keepDraft("Вопрос");
  assert.deepEqual(texts(), ["Здравствуйте"]);
  assert.equal(conversation.draft(), "Вопрос");
});
