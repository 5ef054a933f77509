"""Who has the next turn to have a password checked."""

import asyncio

from monitor.access.door import PasswordTurns


async def test_networks_take_turns_and_known_browsers_wait_for_no_stranger() -> None:
    turns, order, go = PasswordTurns(), list[str](), asyncio.Event()

    async def stranger(network: str, name: str) -> None:
        async with turns.of_stranger(network):
            order.append(name)
            await go.wait()

    async def known() -> None:
        async with turns.of_known():
            order.append("known")

    tasks = [asyncio.create_task(stranger("a", f"a{number}")) for number in range(16)]
    await asyncio.sleep(0)
    tasks += [asyncio.create_task(stranger("b", "b0")), asyncio.create_task(known())]
    await asyncio.sleep(0.01)
    has_room = turns.has_room("a"), turns.has_room("b")
    go.set()
    await asyncio.gather(*tasks)

    assert has_room == (False, True)
    assert order[:3] == ["a0", "known", "b0"]
    assert order[3:] == [f"a{number}" for number in range(1, 16)]
    assert turns.has_room("a")
