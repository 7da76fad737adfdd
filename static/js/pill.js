// "3 new": asks the server what came since this page, and never moves the page by itself.
const BUSY_MS = 1500;
const IDLE_MS = 10_000;
const IDLE_AFTER_MS = 5 * 60_000;

export function startPill({ since, open }) {
  const slot = document.getElementById("pill");
  if (!slot?.dataset.new) return;
  let lastActive = Date.now();
  let shown = "";
  let timer;
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"]) {
    addEventListener(name, () => (lastActive = Date.now()), { passive: true, capture: true });
  }

  const show = (html) => {
    if (html === shown) return; // the same again would be read out again
    shown = html;
    slot.innerHTML = html;
  };

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return; // asked again when the page comes to the front
    const from = since();
    try {
      if (from && navigator.onLine) {
        const answer = await fetch(`${slot.dataset.new}?since=${encodeURIComponent(from)}`, { redirect: "error" });
        if (answer.status === 403) return; // signed out elsewhere: nothing to ask for
        if (answer.status === 200) show((await answer.text()).trim());
        else if (answer.status === 204) show("");
      }
    } catch {
      // the line is down; the next round tries again
    }
    timer = setTimeout(ask, Date.now() - lastActive < IDLE_AFTER_MS ? BUSY_MS : IDLE_MS);
  }

  slot.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-pill]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    await open();
    show("");
  });
  document.addEventListener("visibilitychange", () => !document.hidden && ask());
  timer = setTimeout(ask, BUSY_MS);
}
