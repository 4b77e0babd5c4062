"""Whatever a visitor or an operator can read in Russian can be read in English too."""

from tests.house import catalogue


def test_every_sentence_has_its_english_words():
    translations = catalogue.english()

    missing = {
        f"{module}: {text}"
        for text, module in catalogue.sentences()
        if (known := translations.get(text)) is None or not known.string
    }

    assert not missing, "run `make messages`, then translate in vink_chat/locales/en.po:\n" + "\n".join(sorted(missing))


def test_a_translation_fills_in_the_same_names():
    wrong = [
        f"{entry.id} → {entry.string}"
        for entry in catalogue.english()
        if entry.id and catalogue.placeholders(str(entry.id)) != catalogue.placeholders(str(entry.string))
    ]

    assert not wrong, "\n".join(wrong)


def test_the_catalogue_keeps_nothing_that_no_code_says():
    said = {text for text, _ in catalogue.sentences()}

    left_over = sorted(str(entry.id) for entry in catalogue.english() if entry.id and entry.id not in said)

    assert not left_over, "run `make messages`:\n" + "\n".join(left_over)


def test_sentences_are_found_wherever_they_are_said():
    source = """
NOTICE = "постоянная"
TABLE = {1: "первая", 2: "вторая"}
class Refused(VinkError):
    sentence: ClassVar[str] = "отказ"
class Quiet(VinkError):
    sentence = "тихий отказ"
say("прямо", language)
words.say("один" if one else "другой", language)
say(NOTICE, language)
say(TABLE[kind], language)
Field(default="не видно", title="поле")
class Notices:
    late = Field(default="извините")
log.info("не показывают")
_SENTENCES: Final = {"name": "из списка"}
_KINDS = ((re.compile("узор"), "на узор"),)
"""

    found = {text for text, _ in catalogue.sentences_of(source)}

    assert found == {
        "отказ", "тихий отказ", "прямо", "один", "другой", "постоянная", "первая", "вторая", "поле", "извините",
        "из списка", "на узор",
    }  # fmt: skip
