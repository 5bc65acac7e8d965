from __future__ import annotations

from civicstat.pages.wire import Body, BodyCache


def _body(size: int) -> Body:
    return Body(br=b"b" * (size // 2), gz=b"g" * (size - size // 2), tag=str(size))


def test_a_cache_keeps_what_was_used_last_within_its_bytes() -> None:
    cache = BodyCache(100)
    made: list[str] = []

    def get(key: str, size: int = 40) -> None:
        def make() -> Body:
            made.append(key)
            return _body(size)

        cache.get(key, make)

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]
    assert cache.held == 80

    get("large", 101)
    get("large", 101)
    assert made[-2:] == ["large", "large"]
    assert cache.held == 80
