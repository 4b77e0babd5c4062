"""What an evaluation counts, and how it is printed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from vink_chat.evaluation.cases import Expected
from vink_chat.evaluation.run import Answer, Outcome

_MAX_OFFERED: Final = 3


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of an evaluation: shares from 0.0 to 1.0, or None where no question asks for them.

    Attributes:
        questions: How many questions were asked.
        first: Of the questions that an article answers, how many find one first (R@1).
        three: The same among the first three (R@3).
        right: Of all answers given, how many are right; an answer where the base has none is wrong.
        coverage: Of the questions that an article answers, how many are answered right.
        reached: Of the same, how many are answered right or offered the right article as a button.
        out_of_scope: Of the questions that the base does not answer, how many are answered all the same.
        person: Of the requests for a person, how many call one at once.
        mistaken_calls: Of the questions about content, how many are taken for a request for a person.
        milliseconds: The search's p50 and p95.
    """

    questions: int
    first: float | None
    three: float | None
    right: float | None
    coverage: float | None
    reached: float | None
    out_of_scope: float | None
    person: float | None
    mistaken_calls: float | None
    milliseconds: tuple[float, float]

    def as_json(self) -> dict[str, object]:
        """Return the figures rounded to three digits."""
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


def score(answers: Sequence[Answer]) -> Scores:
    """Count how some questions ended."""
    inside = [answer for answer in answers if answer.case.expected is Expected.ARTICLE]
    outside = [answer for answer in answers if answer.case.expected is Expected.NONE]
    calls = [answer for answer in answers if answer.case.expected is Expected.PERSON]
    given = [answer for answer in [*inside, *outside] if answer.outcome is Outcome.ANSWERED]
    times = sorted(answer.milliseconds for answer in answers) or [0.0]
    return Scores(
        questions=len(answers),
        first=_share(inside, lambda answer: _among(answer, 1)),
        three=_share(inside, lambda answer: _among(answer, _MAX_OFFERED)),
        right=_share(given, lambda answer: _among(answer, 1)),
        coverage=_share(inside, _is_right),
        reached=_share(inside, lambda answer: _is_right(answer) or _is_offered(answer)),
        out_of_scope=_share(outside, lambda answer: answer.outcome is Outcome.ANSWERED),
        person=_share(calls, lambda answer: answer.outcome is Outcome.PERSON),
        mistaken_calls=_share([*inside, *outside], lambda answer: answer.outcome is Outcome.PERSON),
        milliseconds=(round(times[len(times) // 2], 1), round(times[int(len(times) * 0.95)], 1)),
    )


def table(rows: Iterable[tuple[str, Scores]]) -> str:
    """Return the figures as a text table, a row for each group of questions."""
    head = ("", "n", "R@1", "R@3", "right", "cover", "reach", "out", "person", "false", "p50", "p95")
    lines = [head, *(_cells(name, scores) for name, scores in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(head))]
    aligned = ([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines)
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def _cells(name: str, scores: Scores) -> tuple[str, ...]:
    shares = (scores.first, scores.three, scores.right, scores.coverage, scores.reached)
    shares += (scores.out_of_scope, scores.person, scores.mistaken_calls)
    times = (f"{value:.1f}" for value in scores.milliseconds)
    return name, str(scores.questions), *("—" if share is None else f"{share:.3f}" for share in shares), *times


def _among(answer: Answer, first: int) -> bool:
    return not set(answer.found[:first]).isdisjoint(answer.case.articles)


def _is_right(answer: Answer) -> bool:
    return answer.outcome is Outcome.ANSWERED and _among(answer, 1)


def _is_offered(answer: Answer) -> bool:
    return answer.outcome is Outcome.OFFERED and _among(answer, _MAX_OFFERED)


def _share(answers: Sequence[Answer], counts: Callable[[Answer], bool]) -> float | None:
    return sum(map(counts, answers)) / len(answers) if answers else None
