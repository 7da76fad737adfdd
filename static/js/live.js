// The live channel. One small question, repeated by one tab for all tabs of this browser: is there something new?
// Every round ends in a `reprise:live` event on the document, in each tab that is in front, with the last answer.
//
// - An unchanged answer is a 304 (the ETag is ours to keep: answers are stored nowhere).
// - Only tabs in front ask. The one that holds the lock asks and tells the others; without locks (plain http) each
//   asks for itself.
// - It asks less often when nobody touches the page, waits longer after each failure, and never at the same beat as
//   everybody else.
const IDLE_AFTER_MS = 5 * 60_000;
const IDLE_FACTOR = 8;
const LONGEST_MS = 60_000;

const url = document.body.dataset.live;
const name = `reprise-live-${document.body.dataset.viewer}`; // another person's tabs are none of ours
const me = crypto.getRandomValues(new Uint32Array(2)).join("-");
const channel = url && "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : null;

let since = () => undefined; // the feed's snapshot on this page, if it shows one
const others = new Map(); // what the other tabs have on screen, by tab
let last = null;
let lastActive = Date.now();

for (const type of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "focus"]) {
  addEventListener(type, () => (lastActive = Date.now()), { passive: true, capture: true });
}

const tell = (answer) => {
  last = answer;
  document.dispatchEvent(new CustomEvent("reprise:live", { detail: answer }));
};
const snapshot = () => {
  const text = since() ?? "";
  return text === "" ? null : Number(text); // 0 is the snapshot of an empty log
};
const announce = () => channel?.postMessage({ from: me, since: snapshot() });

channel?.addEventListener("message", ({ data }) => {
  if (data.answer) tell(data.answer);
  else if (data.who) announce();
  else if (data.bye) others.delete(data.from);
  else others.set(data.from, data.since);
});

// --- Asking ---------------------------------------------------------------------------------------------------
let asking = null; // the round under way: { timer, stop }
let etag = null;
let asked = null;
let every = 1_500;
let failures = 0;

// The oldest page in front: what is new above it is looked at by each page itself.
function oldest() {
  const all = [snapshot(), ...others.values()].filter((one) => one !== null);
  return all.length ? Math.min(...all) : null;
}

function pause(retryAfter) {
  const base = Date.now() - lastActive < IDLE_AFTER_MS ? every : every * IDLE_FACTOR;
  const wait = Math.min(LONGEST_MS, base * 2 ** failures);
  return Math.max(wait * (0.9 + 0.2 * Math.random()), retryAfter * 1_000 || 0);
}

async function round(state) {
  let retryAfter = 0;
  try {
    const from = oldest();
    const question = from === null ? url : `${url}?since=${from}`;
    if (question !== asked) etag = null;
    asked = question;
    const headers = etag ? { "If-None-Match": etag } : {};
    if (navigator.onLine) {
      const answer = await fetch(question, { cache: "no-store", redirect: "error", headers, signal: state.signal });
      if (answer.status === 403) return; // signed out elsewhere: nothing to ask for
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        const found = await answer.json();
        every = found.every;
        channel?.postMessage({ from: me, answer: found });
        tell(found);
      } else if (answer.status === 304) {
        if (last) tell(last);
      } else {
        retryAfter = Number(answer.headers.get("Retry-After"));
        throw new Error(answer.status);
      }
      failures = 0;
    }
  } catch {
    failures = Math.min(failures + 1, 6);
  }
  if (asking === state) state.timer = setTimeout(() => round(state), pause(retryAfter));
}

function begin(lead) {
  if (asking) return;
  const abort = new AbortController();
  asking = { signal: abort.signal, abort, lead };
  etag = null; // another tab may have asked something else meanwhile
  channel?.postMessage({ from: me, who: true });
  round(asking);
}

function end() {
  if (!asking) return;
  clearTimeout(asking.timer);
  asking.abort.abort();
  asking = null;
}

// --- Who asks -------------------------------------------------------------------------------------------------
let giveUp = null; // lets go of the lock, or of the place in the queue for it

function front() {
  announce();
  if (!navigator.locks) return begin();
  if (giveUp) return;
  const queue = new AbortController();
  giveUp = () => queue.abort();
  navigator.locks
    .request(name, { signal: queue.signal }, () => {
      begin();
      return new Promise((resolve) => (giveUp = resolve));
    })
    .catch(() => {});
}

function back() {
  end();
  giveUp?.();
  giveUp = null;
  channel?.postMessage({ from: me, bye: true });
}

// `since` says which snapshot this page shows. Asks at once: the page may have moved on.
export function watchFeed(read) {
  since = read;
  announce();
}

if (url) {
  document.addEventListener("visibilitychange", () => (document.hidden ? back() : front()));
  addEventListener("pagehide", back);
  addEventListener("pageshow", () => !document.hidden && front());
  addEventListener("online", () => (failures = 0));
  if (!document.hidden) front();
}
