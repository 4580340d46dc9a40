/* Small manners of the page: keys, menus, focus, row choice. Nothing here is needed to read or to send a form. */
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

  /* Keys: / searches, ? helps, g and a letter goes. */
  let waitsForLetter = 0;
  const go = (letter) => find(`[data-key="${CSS.escape(letter)}"]`)?.click();
  const press = {
    "/": () => {
      const field = all('input[type="search"]').find((each) => each.offsetParent);
      field?.focus();
      field?.select();
      return Boolean(field);
    },
    "?": () => { find("#keys")?.showModal(); return true; },
    g: () => { waitsForLetter = Date.now(); return false; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details[data-menu][open]").forEach(close);
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (Date.now() - waitsForLetter < 1500 && event.key.length === 1) {
      waitsForLetter = 0;
      go(event.key.toLowerCase());
    } else if (Object.hasOwn(press, event.key) && press[event.key]()) event.preventDefault();
  });

  /* Menus: one open at a time, closed by Escape and by a click outside. */
  const close = (menu) => {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) find("summary", menu).focus();
  };
  document.addEventListener("click", (event) => {
    all("details[data-menu][open]").filter((menu) => !menu.contains(event.target)).forEach((menu) => { menu.open = false; });
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-open]")) find(event.target.closest("[data-open]").dataset.open)?.showModal();
    if (event.target.closest("[data-print]")) window.print();
    const copied = event.target.closest("[data-copy]");
    if (copied) navigator.clipboard?.writeText(find(copied.dataset.copy).textContent.trim()).then(() => { copied.textContent = copied.dataset.done; });
  });

  /* Lists: choosing all rows, and how many are chosen. */
  const count = (form) => {
    const rows = all('input[name="chosen"]', form);
    const chosen = rows.filter((row) => row.checked).length;
    const bar = find("[data-buttons]", form);
    if (bar) bar.hidden = chosen === 0;
    const label = find("[data-chosen]", form);
    if (label) label.textContent = chosen;
    const every = find("[data-choose-all]", form);
    if (every) { every.checked = chosen > 0 && chosen === rows.length; every.indeterminate = chosen > 0 && chosen < rows.length; }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form");
    if (event.target.matches("[data-choose-all]")) all('input[name="chosen"]', form).forEach((row) => { row.checked = event.target.checked; });
    if (event.target.matches('[data-choose-all], input[name="chosen"]')) count(form);
    if (event.target.matches("[data-send]")) form.requestSubmit();
  });

  /* What was typed and not sent is not left by accident. */
  let isTouched = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-keep]")) isTouched = true; });
  document.addEventListener("submit", () => { isTouched = false; });
  window.addEventListener("beforeunload", (event) => { if (isTouched) event.preventDefault(); });

  /* Errors take focus; the answer of the server to a part of the page is told. */
  const settle = (root) => {
    find(".ds-error-summary", root)?.focus();
    all("form[data-list]", root).forEach(count);
  };
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));
  document.addEventListener("DOMContentLoaded", () => settle(document));
  const tell = (event) => {
    /* What is asked for every second is asked for again: it says quietly that it waits. */
    if (event.target.matches?.("[data-poll]")) { event.target.classList.add("is-lost"); return; }
    const notice = find("#trouble");
    if (notice) { notice.hidden = false; notice.focus(); event.preventDefault(); }
  };
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => document.addEventListener(name, tell));

  document.addEventListener("htmx:afterOnLoad", (event) => event.target.classList?.remove("is-lost"));

  /* Clocks that run down: the server says how many seconds are left. */
  const clocks = new WeakMap();
  setInterval(() => all("[data-ends-in]").forEach((clock) => {
    if (!clocks.has(clock)) clocks.set(clock, Date.now() + 1000 * clock.dataset.endsIn);
    const left = Math.max(0, Math.round((clocks.get(clock) - Date.now()) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("is-over", left === 0);
  }), 250);

  /* Paper is light. */
  const root = document.documentElement;
  const scheme = root.dataset.colorScheme;
  window.addEventListener("beforeprint", () => { root.dataset.colorScheme = "light"; });
  window.addEventListener("afterprint", () => { root.dataset.colorScheme = scheme; });
})();
