// The caption editor in the page: the same rows and buttons as without scripts, and the video beside them.
const form = document.getElementById("cues");
const list = form.querySelector("[data-cue-list]");
const template = document.getElementById("cue-template").content.querySelector("[data-cue]");
const video = document.querySelector("[data-plain-player]");
const status = form.querySelector("[data-cue-status]");
const { duration, most, language } = form.dataset;
const NEW_SECONDS = 2;
let changed = false;
let stopAt = null;

const rows = () => [...list.querySelectorAll("[data-cue]")];
const field = (row, name) => row.querySelector(`[name="${name}"]`);

// As `clips.captions.webvtt.moment` reads times: 62.5, 1:02.5, 00:01:02.500.
function seconds(text) {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!match) return null;
  const [, hours = 0, minutes = 0, whole, fraction = "0"] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(whole) + Number(`0.${fraction}`);
}

function clock(time) {
  const ms = Math.round(Math.max(0, Math.min(time, duration / 1000)) * 1000);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(Math.floor(ms / 60000))}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

function touch(text) {
  changed = true;
  status.textContent = text ? `${text} ${form.dataset.unsaved}` : form.dataset.unsaved;
  preview();
}

// What is typed is what the video shows, before it is saved.
const track = video.addTextTrack("captions", "", language);
for (const other of video.textTracks) other.mode = other === track ? "showing" : "disabled";

function preview() {
  for (const cue of [...(track.cues ?? [])]) track.removeCue(cue);
  for (const row of rows()) {
    const start = seconds(field(row, "start").value);
    const end = seconds(field(row, "end").value);
    if (start !== null && end > start) track.addCue(new VTTCue(start, end, field(row, "text").value));
  }
}

function number() {
  rows().forEach((row, at) => {
    row.querySelector("[data-cue-number]").textContent = at + 1;
    for (const button of row.querySelectorAll('button[name="do"]')) {
      button.value = `${button.dataset.cueDo}:${at}`;
    }
  });
}

function add(after) {
  if (rows().length >= most) return void (status.textContent = form.dataset.full);
  const row = document.importNode(template, true);
  const next = after ? after.nextElementSibling : list.firstElementChild;
  const start = after ? (seconds(field(after, "end").value) ?? video.currentTime) : 0;
  const limit = (next && seconds(field(next, "start").value)) || duration / 1000;
  field(row, "start").value = clock(start);
  field(row, "end").value = clock(Math.min(start + NEW_SECONDS, limit > start ? limit : duration / 1000));
  list.insertBefore(row, next);
  number();
  touch(form.dataset.added);
  field(row, "text").focus();
}

function split(row) {
  if (rows().length >= most) return void (status.textContent = form.dataset.full);
  const text = field(row, "text");
  let at = text.selectionStart;
  if (!at || at >= text.value.length) at = Math.max(text.value.indexOf(" ", text.value.length / 2), 0) || text.value.length >> 1;
  const start = seconds(field(row, "start").value);
  const end = seconds(field(row, "end").value);
  const second = document.importNode(template, true);
  field(second, "text").value = text.value.slice(at).trim();
  text.value = text.value.slice(0, at).trim();
  if (start !== null && end > start) {
    const now = video.currentTime > start && video.currentTime < end ? video.currentTime : (start + end) / 2;
    field(second, "start").value = clock(now);
    field(second, "end").value = clock(end);
    field(row, "end").value = clock(now);
  }
  row.after(second);
  number();
  touch(form.dataset.split);
  field(second, "text").focus();
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  number();
  touch(form.dataset.deleted);
  if (next) field(next, "text").focus();
  else form.querySelector("[data-save]").focus();
}

function play(row) {
  const start = seconds(field(row, "start").value);
  if (start === null) return;
  video.currentTime = start;
  stopAt = seconds(field(row, "end").value);
  video.play().catch(() => {});
}

function take(row, name) {
  field(row, name).value = clock(video.currentTime);
  touch();
}

const actions = { add, split, delete: remove, play };

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cue-do]");
  if (!button) return;
  event.preventDefault();
  actions[button.dataset.cueDo](button.closest("[data-cue]"));
});

form.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-cue]");
  if (!row || !event.altKey || event.ctrlKey || event.metaKey) return;
  const does = {
    KeyP: () => (video.paused ? play(row) : video.pause()),
    KeyI: () => take(row, "start"),
    KeyO: () => take(row, "end"),
    KeyS: () => split(row),
    Enter: () => add(row),
    NumpadEnter: () => add(row),
    Backspace: () => remove(row),
  }[event.code];
  if (!does) return;
  event.preventDefault();
  does();
});

form.addEventListener("input", () => touch());
form.addEventListener("submit", () => (changed = false));
addEventListener("beforeunload", (event) => changed && event.preventDefault());

video.addEventListener("timeupdate", () => {
  const now = video.currentTime;
  if (stopAt !== null && now >= stopAt) {
    video.pause();
    stopAt = null;
  }
  for (const row of rows()) {
    const active = now >= seconds(field(row, "start").value) && now < seconds(field(row, "end").value);
    row.toggleAttribute("data-active", active);
  }
});
video.addEventListener("seeking", () => stopAt !== null && video.currentTime > stopAt && (stopAt = null));
preview();
