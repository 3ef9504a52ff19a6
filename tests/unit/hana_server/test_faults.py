"""A fault strikes at its turn, and only there."""

import pytest

from tests.hana_server.faults import Faults, Moment


def _set(**more: object) -> Faults:
    faults = Faults()
    faults.add({"moment": "execute", "act": "drop", **more})
    return faults


def test_a_fault_strikes_once_unless_it_is_told_otherwise() -> None:
    faults = _set()

    assert [faults.meet(Moment.EXECUTE) is not None for _ in range(3)] == [True, False, False]


def test_a_fault_waits_for_its_turn_and_strikes_as_often_as_it_is_told() -> None:
    faults = _set(after=1, times=2)

    struck = [faults.meet(Moment.EXECUTE) is not None for _ in range(4)]
    assert struck == [False, True, True, False]


def test_a_fault_without_a_number_of_times_strikes_always() -> None:
    faults = _set(times=0)

    assert all(faults.meet(Moment.EXECUTE) for _ in range(50))


def test_a_fault_is_for_one_moment_one_user_and_some_statements() -> None:
    faults = _set(sql="OCRD", user="REPORTS", times=0)

    assert faults.meet(Moment.EXECUTE, sql="SELECT FROM OCRD", user="REPORTS")
    assert not faults.meet(Moment.EXECUTE, sql="SELECT FROM ORDR", user="REPORTS")
    assert not faults.meet(Moment.EXECUTE, sql="SELECT FROM OCRD", user="OWNER")
    assert not faults.meet(Moment.PREPARE, sql="SELECT FROM OCRD", user="REPORTS")


@pytest.mark.parametrize("wrong", [{"moment": "never"}, {"act": "explode"}, {"rows": 5}])
def test_a_fault_that_does_not_exist_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        _set(**wrong)
