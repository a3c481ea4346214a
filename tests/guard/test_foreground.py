"""Workers give way to answers, and not for ever."""

import asyncio
import threading

from service.guard.foreground import Foreground


def waits(foreground: Foreground) -> threading.Thread:
    worker = threading.Thread(target=foreground.give_way, daemon=True)
    worker.start()
    return worker


def test_a_worker_goes_on_at_once_if_nothing_is_being_answered() -> None:
    foreground = Foreground()
    with foreground.answering():
        pass

    worker = waits(foreground)

    worker.join(timeout=60)
    assert not worker.is_alive()


def test_a_worker_waits_until_the_last_answer_is_sent() -> None:
    foreground = Foreground(longest_pause=60)

    with foreground.answering():
        with foreground.answering():
            worker = waits(foreground)
        assert worker.is_alive()

    worker.join(timeout=60)
    assert not worker.is_alive()


def test_the_event_loop_waits_for_the_last_answer_too_and_goes_on_with_others() -> None:
    async def wait() -> None:
        foreground = Foreground(longest_pause=60)
        with foreground.answering():
            waiting = asyncio.create_task(foreground.give_way_async())
            await asyncio.sleep(0.05)
            assert not waiting.done()
        await asyncio.wait_for(waiting, timeout=60)

    asyncio.run(wait())


def test_a_stream_of_answers_without_an_end_does_not_keep_a_worker_from_its_work() -> None:
    foreground = Foreground(longest_pause=0.01)

    with foreground.answering():
        worker = waits(foreground)
        worker.join(timeout=60)

        assert not worker.is_alive()


def test_a_moment_without_any_request_does_not_end_a_burst() -> None:
    foreground = Foreground(longest_pause=60, gap=60)
    with foreground.answering():
        pass

    worker = waits(foreground)

    worker.join(timeout=0.1)
    assert worker.is_alive()


def test_a_burst_that_has_just_ended_holds_a_worker_up_no_longer_than_a_stream() -> None:
    foreground = Foreground(longest_pause=0.01, gap=60)
    with foreground.answering():
        pass

    worker = waits(foreground)

    worker.join(timeout=30)
    assert not worker.is_alive()
