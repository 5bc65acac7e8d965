"""Metrics, departments and datasets by the words people look for: any case, accent or language, forgiving of a slip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from civicstat.editions import Catalogue, DatasetInfo, DepartmentInfo, MetricInfo
from civicstat.words import LANGUAGES, folded, phrase

__all__ = ["Found", "Kind", "find", "terms"]

Kind = Literal["metric", "department", "dataset"]
Text = Mapping[str, str]

_MOST_TERMS = 8
_SHORTEST_SLIP = 4  # letters of a word that may hold a slip: in a shorter one every other word is near
_ALIKE = 0.78
_NAMED, _CALLED, _ABOUT, _INSIDE = 10.0, 6.0, 3.0, 1.5  # a title, a name, what it is for, what it is made of
_WHOLE, _BEGUN, _WITHIN, _SLIPPED = 1.0, 0.8, 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the best first: kind and name; ``whole`` says that each holds every word looked for.

    ``meant`` are words of the city's own that stood in for words nobody uses here, as after a slip of the pen.
    """

    places: tuple[tuple[Kind, str], ...] = ()
    whole: bool = True
    meant: tuple[str, ...] = ()


def terms(words: str) -> tuple[str, ...]:
    """Return the words looked for as they are compared: folded, few, and without those that say nothing.

    >>> terms("The Permits of the CITY"), terms("¿Cómo va el 911?"), terms("the")
    (('permits', 'city'), ('va', '911'), ('the',))
    """
    found = tuple(dict.fromkeys(_split(words)))
    ignored = {word for lang in LANGUAGES for word in _split(phrase("search.ignored", lang))}
    return (tuple(word for word in found if word not in ignored) or found)[:_MOST_TERMS]


def find(catalogue: Catalogue, words: str) -> Found:
    """Return what ``words`` name in the catalogue."""
    wanted = terms(words)
    if not wanted:
        return Found()
    held = [(place, list(_weighed(texts))) for place, texts in _texts(catalogue)]
    known = sorted({word for _, weighed in held for word, _ in weighed})
    meant = {term: _near(term, known) for term in wanted if not any(_quality(term, word) for word in known)}
    ranked = []
    for at, (place, weighed) in enumerate(held):
        scores = [_score(term, meant.get(term, ()), weighed) for term in wanted]
        count = sum(score > 0 for score in scores)
        if count:
            ranked.append((-count, -sum(scores), at, place))
    ranked.sort()
    most = -ranked[0][0] if ranked else 0
    kept = tuple(place for count, _, _, place in ranked if -count == most)
    return Found(kept, most == len(wanted), tuple(dict.fromkeys(word for near in meant.values() for word in near)))


def _score(term: str, near: Iterable[str], weighed: list[tuple[str, float]]) -> float:
    exact = max((weight * _quality(term, word) for word, weight in weighed), default=0.0)
    return max([exact, *(weight * _SLIPPED for word, weight in weighed if word in near)])


def _quality(term: str, word: str) -> float:
    """Return how well a word answers what was looked for: itself, its beginning, its plural, or a part of it."""
    if term == word:
        return _WHOLE
    if word.startswith(term) and len(term) > 1:
        return _BEGUN
    if term.startswith(word) and len(word) > 2 and len(term) - len(word) <= 2:
        return _BEGUN
    return _WITHIN if len(term) >= _SHORTEST_SLIP and term in word else 0.0


def _near(term: str, known: list[str]) -> tuple[str, ...]:
    """Return the words of the city that ``term`` may have meant."""
    if len(term) < _SHORTEST_SLIP:
        return ()
    alike = [word for word in known if abs(len(word) - len(term)) <= 2 and len(word) >= _SHORTEST_SLIP]
    return tuple(get_close_matches(term, alike, n=3, cutoff=_ALIKE))


def _texts(catalogue: Catalogue) -> Iterator[tuple[tuple[Kind, str], list[tuple[float, Any]]]]:
    for name, department in catalogue.departments.items():
        yield ("department", name), _of_department(department)
    for name, metric in catalogue.metrics.items():
        yield ("metric", name), _of_metric(metric, catalogue)
    for name, dataset in catalogue.datasets.items():
        yield ("dataset", name), _of_dataset(dataset)


def _of_department(info: DepartmentInfo) -> list[tuple[float, Any]]:
    return [(_NAMED, info.title), (_CALLED, info.name), (_ABOUT, info.mission), (_INSIDE, info.head)]


def _of_metric(info: MetricInfo, catalogue: Catalogue) -> list[tuple[float, Any]]:
    departments = [catalogue.departments[name].title for name in info.departments if name in catalogue.departments]
    theme = catalogue.city.themes.get(info.theme or "")
    about = [info.why, theme, *departments, *(item.title for item in info.dimensions)]
    inside = [info.method, info.owner, *(item.title for item in catalogue.behind(info))]
    return [(_NAMED, info.title), (_CALLED, info.name), *((_ABOUT, text) for text in about), *_all(_INSIDE, inside)]


def _of_dataset(info: DatasetInfo) -> list[tuple[float, Any]]:
    columns = [text for item in info.columns for text in (item.get("title"), item["name"])]
    inside = [info.row, info.owner, *(item.get("description") for item in info.columns)]
    about = [info.description, *columns]
    return [(_NAMED, info.title), (_CALLED, info.name), *_all(_ABOUT, about), *_all(_INSIDE, inside)]


def _all(weight: float, texts: Iterable[Any]) -> list[tuple[float, Any]]:
    return [(weight, text) for text in texts]


def _weighed(texts: Iterable[tuple[float, Any]]) -> Iterator[tuple[str, float]]:
    """Yield every word of texts, in each of their languages, with the weight of its place."""
    for weight, text in texts:
        said = text.values() if isinstance(text, Mapping) else [text] if text else []
        for word in dict.fromkeys(word for part in said for word in _split(str(part))):
            yield word, weight


def _split(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text))
