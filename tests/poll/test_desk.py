"""Work for the processor."""

import asyncio
import time

from monitor.poll.commit import Desk


def test_one_thing_is_done_at_a_time_in_the_order_in_which_they_came() -> None:
    done: list[str] = []

    def work(name: str, *, takes: float) -> str:
        done.append(f"{name} begins")
        time.sleep(takes)
        done.append(f"{name} ends")
        return name

    async def main() -> None:
        desk = Desk()
        one, other = await asyncio.gather(desk.do(work, "a", takes=0.02), desk.do(work, "b", takes=0))
        assert one + other == "ab"

    asyncio.run(main())

    assert done == ["a begins", "a ends", "b begins", "b ends"]


def test_what_fails_keeps_nobody_waiting() -> None:
    async def main() -> None:
        desk = Desk()
        failed, fine = await asyncio.gather(desk.do(int, "x"), desk.do(int, "7"), return_exceptions=True)
        assert isinstance(failed, ValueError)
        assert fine == 7

    asyncio.run(main())


def test_one_event_loop_after_the_other_may_use_it() -> None:
    desk = Desk()

    async def main() -> int:
        return sum(await asyncio.gather(desk.do(int, "1"), desk.do(int, "2")))

    assert asyncio.run(main()) == asyncio.run(main()) == 3
