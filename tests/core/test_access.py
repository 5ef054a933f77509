"""Roles."""

import pytest

from monitor.core.access import Role


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("needed", list(Role))
def test_a_role_may_do_what_those_before_it_may(role: Role, needed: Role) -> None:
    order = ("viewer", "operator", "admin")
    assert role.includes(needed) is (order.index(role) >= order.index(needed))
