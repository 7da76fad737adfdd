// Runs before the first paint (no module, not deferred): without it the page would flash in the other theme.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const read = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off: the system's theme it is
    }
  };
  const apply = (choice) => {
    if (choice === "light" || choice === "dark") root.dataset.theme = choice;
    else delete root.dataset.theme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === (choice || "auto")));
    }
  };
  apply(read());
  document.addEventListener("DOMContentLoaded", () => apply(read()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    const choice = button.dataset.themeChoice;
    try {
      if (choice === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", choice);
    } catch {
      // the choice holds for this page
    }
    apply(choice === "auto" ? null : choice);
  });
  addEventListener("storage", (event) => event.key === "theme" && apply(event.newValue));
})();
