// The search. "/" goes to the box, on every page; in it the arrows move through what is suggested (a combobox).
const box = document.getElementById("search-box");
const list = document.getElementById("search-suggestions");
const typing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
    return;
  }
  const link = document.querySelector("a[data-search-link]");
  if (!link) return;
  event.preventDefault();
  location.assign(link.href);
});

if (box && list) {
  const options = () => [...list.querySelectorAll("[role=option]")];
  let at = -1;

  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", list.dataset.label);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
  })) {
    box.setAttribute(name, value);
  }

  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };

  function mark(index) {
    const all = options();
    at = index;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
    if (index < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", all[index].id);
    all[index].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== list) return;
    at = -1;
    show(document.activeElement === box && options().length > 0);
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: between the last and the first one the box itself is chosen.
      const places = all.length + 1;
      mark(((at + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      all[at].click();
    }
  });

  box.addEventListener("blur", () => setTimeout(() => !list.contains(document.activeElement) && show(false), 150));
  box.form.addEventListener("submit", () => show(false));
  // A press on a suggestion must not take the focus, which would close the list before the click arrives.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}
