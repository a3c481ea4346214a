"""Values by key."""

from service.domain.by_key import ByKey


def test_values_of_a_key_stay_in_their_order() -> None:
    places = ByKey[str, int]()
    for key, place in [("smith", 0), ("doe", 1), ("smith", 2), ("smith", 0)]:
        places.add(key, place)

    assert {key: list(places[key]) for key in ("doe", "smith", "roe")} == {
        "doe": [1],
        "smith": [0, 2, 0],
        "roe": [],
    }
    assert list(places.keys()) == ["smith", "doe"]
