// "3 new": what came above this page, told by the live channel. It never moves the page by itself.
import { watchFeed } from "./live.js";

export function startPill({ since, open }) {
  const slot = document.getElementById("pill");
  if (!slot?.dataset.new) return;
  let shown = "";
  let known = ""; // the answer that the pill stands for

  const show = (html) => {
    if (html === shown) return; // the same again would be read out again
    shown = html;
    slot.innerHTML = html;
  };

  async function look({ detail }) {
    const from = since();
    const now = `${from} ${detail.since} ${detail.new}`;
    if (!from || now === known) return;
    known = now;
    if (!detail.new) return show("");
    try {
      const answer = await fetch(`${slot.dataset.new}?since=${encodeURIComponent(from)}`, { redirect: "error" });
      if (answer.status === 200) show((await answer.text()).trim());
      else if (answer.status === 204) show("");
      else known = "";
    } catch {
      known = ""; // the line is down; the next round tries again
    }
  }

  slot.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-pill]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await open();
    show("");
    watchFeed(since);
  });
  document.addEventListener("reprise:live", look);
  watchFeed(since);
}
