"""A letter that arrives no more opens an incident; one run whose letters all arrive closes it."""

from datetime import timedelta

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.deliveries.ending import delivered, failed, not_now, record, suppressed
from tasks.deliveries.interrupted import lose_interrupted
from tasks.models import AlertKind, Delivery, Run, RunState, TaskDefinition
from tests.support.factories import a_run, a_task
from tests.support.incidents import a_letter, alerts, end, finish, incidents

ALI, BORA = "ali@example.com", "bora@example.com"


def sent(task: TaskDefinition, *recipients: str, **values: object) -> tuple[Run, list[Delivery]]:
    """Let a run succeed whose letters are on their way."""
    run = a_run(task, state=RunState.RUNNING, **values)
    letters = [a_letter(run, recipient) for recipient in recipients]
    finish(run, RunState.SUCCEEDED, letters)
    return run, letters


def refuse(letter: Delivery) -> None:
    with transaction() as session:
        assert record(session, letter, failed("The mail server answered 550: nobody"))


def take(letter: Delivery) -> None:
    with transaction() as session:
        assert record(session, letter, delivered(letter, ""))


def test_a_letter_that_failed_for_good_opens_it(database: str) -> None:
    run, [letter] = sent(a_task(title="Stock"), ALI)
    refuse(letter)
    [incident], [alert] = incidents(), alerts()
    assert (incident.first_run_id, alert.kind) == (run.id, AlertKind.DELIVERY_FAILED)
    assert f"did not reach {ALI}. The mail server answered 550: nobody." in alert.sentence


def test_one_that_is_tried_again_opens_nothing(database: str) -> None:
    _, [letter] = sent(a_task(), ALI)
    with transaction() as session:
        record(session, letter, not_now(letter, "450 later"))
    assert incidents() == []


def test_many_of_one_run_are_told_once_and_count_once(database: str) -> None:
    _, letters = sent(a_task(), ALI, BORA)
    for letter in letters:
        refuse(letter)
    assert [one.failures for one in incidents()] == [1]
    assert len(alerts()) == 1


def test_the_next_run_does_not_close_it_before_its_letters_arrived(database: str) -> None:
    task = a_task()
    refuse(sent(task, ALI)[1][0])
    run, [first, second] = sent(task, ALI, BORA)
    take(first)
    assert [one.closed_at for one in incidents()] == [None]
    take(second)
    [incident] = incidents()
    assert incident.closed_by_run_id == run.id
    assert alerts()[-1].kind is AlertKind.TASK_RECOVERED


def test_a_bad_address_is_not_told_anew_with_each_run(database: str) -> None:
    task = a_task()
    for _ in range(3):
        _, [good, bad] = sent(task, ALI, BORA)
        take(good)
        refuse(bad)
    assert [one.failures for one in incidents()] == [3]
    assert len(alerts()) == 1


def test_a_task_that_fails_itself_while_a_letter_does_not_arrive_is_told_once(
    database: str,
) -> None:
    task = a_task()
    refuse(sent(task, ALI)[1][0])
    end(task)
    end(task, RunState.LOST)
    [incident] = incidents()
    assert (incident.failures, incident.closed_at) == (3, None)
    assert [one.kind for one in alerts()] == [AlertKind.DELIVERY_FAILED, AlertKind.TASK_FAILED]


def test_a_letter_of_an_earlier_run_is_told_while_the_task_fails(database: str) -> None:
    task = a_task()
    _, [letter] = sent(task, ALI)
    end(task)
    refuse(letter)
    assert [one.kind for one in alerts()] == [AlertKind.TASK_FAILED, AlertKind.DELIVERY_FAILED]


def test_one_of_which_nobody_knows_whether_it_arrived_is_told(database: str) -> None:
    _, [letter] = sent(a_task(title="Stock"), ALI)
    with transaction() as session:
        left = session.get_one(Delivery, letter.id)
        left.lease_until, left.doubtful_tries = utcnow() - timedelta(minutes=1), 1
    with transaction() as session:
        assert lose_interrupted(session) == 1
    [alert] = alerts()
    assert alert.kind is AlertKind.DELIVERY_FAILED
    assert f"may not have reached {ALI}. The worker died while it sent this" in alert.sentence


def test_one_that_died_for_the_first_time_is_tried_again_and_not_told(database: str) -> None:
    _, [letter] = sent(a_task(), ALI)
    with transaction() as session:
        session.get_one(Delivery, letter.id).lease_until = utcnow() - timedelta(minutes=1)
    with transaction() as session:
        assert lose_interrupted(session) == 1
    assert alerts() == []


def test_the_last_letter_that_is_not_to_be_sent_after_all_closes_it(database: str) -> None:
    task = a_task()
    refuse(sent(task, ALI)[1][0])
    _, [first, second] = sent(task, ALI, BORA)
    take(first)
    with transaction() as session:
        assert record(session, second, suppressed("They asked not to get it."))
    assert [one.closed_at is None for one in incidents()] == [False]


def test_a_letter_sent_again_closes_it_once_it_arrives(database: str) -> None:
    _, [letter] = sent(a_task(), ALI)
    refuse(letter)
    with transaction() as session:
        again = session.get_one(Delivery, letter.id)
        again.state, again.tries = letter.state, 2
    take(again)
    assert [one.closed_at is None for one in incidents()] == [False]


def test_a_run_without_letters_closes_it(database: str) -> None:
    task = a_task()
    refuse(sent(task, ALI)[1][0])
    sent(task)
    assert [one.closed_at is None for one in incidents()] == [False]


def test_a_letter_of_a_run_that_failed_later_closes_nothing(database: str) -> None:
    task = a_task()
    _, [letter] = sent(task, ALI)
    finish(a_run(task, state=RunState.RUNNING), RunState.FAILED)
    take(letter)
    assert [one.closed_at for one in incidents()] == [None]


def test_a_letter_of_a_trial_opens_nothing(database: str) -> None:
    _, [letter] = sent(a_task(), ALI, only_to=ALI, queued_at=utcnow())
    refuse(letter)
    assert incidents() == []
