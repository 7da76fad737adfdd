// How clips play: captions, speed, clear mode. Remembered with the person when signed in, else in this browser.
const KEY = "playback";
const SPEEDS = [50, 75, 100, 125, 150, 175, 200];

const stored = (() => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // storage is switched off, or holds something else
  }
})();
const account = document.querySelector("[data-stage][data-playback]")?.dataset;
const views = new Set(); // of WeakRef: cards come and go with the pages of a feed

const live = document.createElement("p");
live.className = "visually-hidden";
live.setAttribute("role", "status");
document.body.append(live);

export function announce(text) {
  live.textContent = "";
  if (text) requestAnimationFrame(() => (live.textContent = text));
}

function keep(changes) {
  Object.assign(stored, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(stored));
  } catch {
    // then it holds for this page
  }
}

function tell(name, value) {
  if (!account) return;
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  fetch(account.playback, {
    method: "POST",
    body: new URLSearchParams({ [name]: value }),
    headers: { "X-CSRFToken": token },
    keepalive: true,
  }).catch(() => {}); // the page goes on with the choice; it is only not remembered
}

function everywhere(selector, change) {
  for (const node of document.querySelectorAll(selector)) change(node);
}

export const playback = {
  captions: account ? account.captionsOn === "true" : stored.captions === true,
  speed: SPEEDS.includes(Number(account?.speed ?? stored.speed)) ? Number(account?.speed ?? stored.speed) : 100,
  language: stored.language ?? "",
  clear: false,

  setCaptions(on, language = this.language) {
    this.captions = on;
    this.language = language;
    keep({ captions: on, language });
    tell("captions_on", String(on));
    this.show();
    this.tell(document.querySelector("[data-captions]"), on);
  },

  setSpeed(percent) {
    this.speed = percent;
    keep({ speed: percent });
    tell("playback_percent", percent);
    everywhere("video", (video) => (video.playbackRate = percent / 100));
    this.show();
    const choice = document.querySelector("[data-speed-choice]");
    if (choice) announce(`${choice.dataset.said} ${choice.selectedOptions[0]?.textContent ?? ""}`);
  },

  faster(by) {
    const next = SPEEDS[SPEEDS.indexOf(this.speed) + by];
    if (next) this.setSpeed(next);
  },

  setClear(on) {
    this.clear = on;
    document.documentElement.toggleAttribute("data-clear", on);
    this.show();
    this.tell(document.querySelector("button[data-clear]"), on);
  },

  // A button carries the words for both of its states.
  tell(button, on) {
    announce(on ? button?.dataset.on : button?.dataset.off);
  },

  // Put every button, menu and caption line on the page right.
  show() {
    everywhere("[data-captions]", (node) => node.setAttribute("aria-pressed", String(this.captions)));
    everywhere("button[data-clear]", (node) => node.setAttribute("aria-pressed", String(this.clear)));
    everywhere("[data-speed-choice]", (node) => (node.value = String(this.speed)));
    for (const ref of views) {
      const view = ref.deref();
      if (view) view.apply();
      else views.delete(ref);
    }
  },
};

// The language that was chosen, else one that the person reads, else the first.
function pick(tracks) {
  const wanted = [playback.language, document.documentElement.lang, ...navigator.languages].filter(Boolean);
  for (const tag of wanted) {
    const exact = tracks.find((track) => track.srclang.toLowerCase() === tag.toLowerCase());
    const near = tracks.find((track) => track.srclang.split("-")[0] === tag.split("-")[0].toLowerCase());
    if (exact ?? near) return exact ?? near;
  }
  return tracks[0];
}

// Captions are drawn by us: the browser would put them under the rail and what stands on the clip.
export class Captions {
  constructor(stage, video) {
    this.line = stage.querySelector("[data-caption-lines]");
    this.choice = stage.querySelector("[data-caption-choice]");
    this.tracks = [...video.querySelectorAll("track")];
    views.add(new WeakRef(this));
    for (const element of this.tracks) {
      element.track.mode = "disabled";
      element.track.addEventListener("cuechange", () => element === this.chosen && this.draw());
    }
    this.apply();
    const speed = stage.querySelector("[data-speed-choice]");
    if (speed) speed.value = String(playback.speed);
    stage.querySelector("[data-captions]")?.setAttribute("aria-pressed", String(playback.captions));
  }

  apply() {
    if (!this.tracks.length) return;
    this.chosen = playback.captions ? pick(this.tracks) : null;
    for (const element of this.tracks) element.track.mode = element === this.chosen ? "hidden" : "disabled";
    if (this.choice) this.choice.value = this.chosen?.srclang ?? "";
    this.draw();
  }

  draw() {
    const cues = this.chosen ? [...(this.chosen.track.activeCues ?? [])] : [];
    this.line.replaceChildren();
    this.line.hidden = !cues.length;
    if (!cues.length) return;
    this.line.lang = this.chosen.srclang;
    for (const cue of cues) {
      const text = document.createElement("span");
      text.dir = "auto";
      text.append(cue.getCueAsHTML());
      this.line.append(text);
    }
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-captions]")) playback.setCaptions(!playback.captions);
  else if (event.target.closest("button[data-clear]")) playback.setClear(!playback.clear);
  // A menu closes when one goes on with something else.
  everywhere("[data-stage-menu][open]", (menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-speed-choice]")) playback.setSpeed(Number(event.target.value));
  else if (event.target.matches("[data-caption-choice]")) {
    playback.setCaptions(Boolean(event.target.value), event.target.value || playback.language);
  }
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("[data-stage-menu][open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.stopPropagation();
});
playback.show();
