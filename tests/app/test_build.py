"""What is wired together."""

from pathlib import Path

from monitor.app.opening import build_app, load_folder
from tests.servers import LoopbackServer, Reply

EMPTY = b"<rss version='2.0'><channel><title>T</title></channel></rss>"


async def test_a_site_with_many_feeds_does_not_keep_the_others_waiting(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "projects.yaml").write_text("projects:\n  - {id: plant, name: Plant, who: [Acme]}\n")
    limits = "fetch: {allow_private: [127.0.0.0/8]}\npolling: {requests_per_minute: 6000}\n"
    (folder / "monitor.yaml").write_text(limits)
    with LoopbackServer() as slow, LoopbackServer(host="127.0.0.2") as quick:
        slow.routes["/feed"] = Reply(body=EMPTY, delay=0.05)
        quick.routes["/feed"] = Reply(body=EMPTY)
        many = [slow.url(f"/feed?{number}") for number in range(40)]
        listed = "".join(f"  - {{url: '{url}'}}\n" for url in [*many, quick.url("/feed")])
        (folder / "feeds.yaml").write_text(f"feeds:\n{listed}")
        app = build_app(*load_folder(folder))

        async with app.fetcher() as fetcher:
            order = [result.feed.url async for result in app.poller.poll(app.poller.feeds(), fetcher)]
        app.close()

    assert sorted(order) == sorted([*many, quick.url("/feed")])
    assert order.index(quick.url("/feed")) < 20
