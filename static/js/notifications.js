// The list of notifications: opening it makes them seen, following one makes it read, what comes in is offered.
import "./live.js";

const list = document.querySelector("[data-notes]");
const token = document.querySelector("meta[name='csrf-token']").content;

function post(url, fields) {
  const body = new URLSearchParams(fields);
  const headers = { "X-CSRFToken": token, "X-Requested-With": "fetch" };
  return fetch(url, { method: "POST", body, headers, keepalive: true }).catch(() => {});
}

if (list?.dataset.seen && list.dataset.newest !== "0") post(list.dataset.seen, { up_to: list.dataset.newest });

list?.addEventListener("click", (event) => {
  const note = event.target.closest(".note--unread");
  if (!note || !event.target.closest("a.note-link, a.note-thumb")) return;
  post(list.dataset.read, { line: note.dataset.note });
});

// New ones are offered, not pushed in: nothing moves under a finger.
const offer = document.querySelector("[data-notes-new]");
let before = null;
document.addEventListener("reprise:live", ({ detail }) => {
  if (before !== null && detail.unseen > before && !offer.firstChild) {
    const link = document.createElement("a");
    link.className = "button button--small";
    link.href = offer.dataset.href;
    link.textContent = offer.dataset.words;
    offer.append(link);
  }
  before = detail.unseen;
});
