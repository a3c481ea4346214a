"""What the log calls an operator."""

import pytest

from service.config.operator_tokens import operator_id


@pytest.mark.parametrize("name", ["dana@example.gov.uk", "dana (single sign-on)"])
def test_somebody_who_came_by_single_sign_on_is_in_the_log_by_a_digest(name: str) -> None:
    assert "dana" not in operator_id(name)
    assert operator_id(name) == operator_id(name)
    assert operator_id(name) != operator_id(f"another {name}")


def test_somebody_with_a_token_is_in_the_log_by_its_name() -> None:
    assert operator_id("alice") == "alice"
