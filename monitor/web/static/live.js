// Replaces the rows of projects that have changed, as the server tells of it, and says so to those who listen.
"use strict";
(() => {
  const list = document.querySelector("[data-events]");
  if (!list) return;
  const lately = document.querySelector(".lately");
  const address = new URL(list.dataset.events, location.href);

  // The row in place of the former one. Whoever had the focus in it keeps it.
  const replace = (former, html) => {
    const hadFocus = former.contains(document.activeElement);
    former.insertAdjacentHTML("afterend", html);
    const row = former.nextElementSibling;
    former.remove();
    row.classList.add("fresh");
    if (hadFocus) row.querySelector("a").focus();
  };

  const connect = () => {
    const events = new EventSource(address);
    events.addEventListener("change", (event) => {
      address.searchParams.set("after", event.lastEventId);
      const told = JSON.parse(event.data);
      if (!told.project) return; // no longer watched
      const former = [...list.children].find((row) => row.dataset.project === told.project);
      if (former) replace(former, told.row);
      if (told.moved) {
        lately.hidden = false;
        lately.querySelector("ul").insertAdjacentHTML("afterbegin", told.moved);
      }
      document.querySelector("[data-live]").textContent = told.said;
    });
    events.addEventListener("stale", (event) => {
      address.searchParams.set("after", event.lastEventId);
      document.querySelector("[data-stale]").hidden = false;
    });
    // The browser asks again by itself, unless the server refused.
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(connect, 60_000);
    });
  };
  connect();
})();
