// Comfort only: every deed works without this file.
const all = (selector, root = document) => root.querySelectorAll(selector);

// Menus are <details>: close them by a click elsewhere or by Escape. A dialog's opener is a link to a page that asks the same.
document.addEventListener("click", event => {
  const opener = event.target.closest("[data-dialog]");
  if (opener && window.HTMLDialogElement) { event.preventDefault(); document.getElementById(opener.dataset.dialog).showModal(); }
  for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", event => {
  if (event.key !== "Escape") return;
  for (const menu of all("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A second click on a deed is no second deed. After an answer in the page, or none, and after coming back through history the
// buttons work again.
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
});
const free = form => { delete form.dataset.sent; for (const button of all("button", form)) button.removeAttribute("aria-disabled"); };
addEventListener("pageshow", () => all("form[data-sent]").forEach(free));
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt, triggeringEvent } } }) => { if (triggeringEvent?.type === "submit") free(elt); });

// After an answer (422, 409, done) the reader is taken to what changed. Where only a note changed, as when a draft was kept, they stay.
const meet = part => (part.matches?.("[data-focus]") ? part : part.querySelector?.("[data-focus]"))?.focus();
document.addEventListener("htmx:afterSwap", ({ target }) => meet(target));
document.addEventListener("DOMContentLoaded", () => meet(document));

// A file on its way: <form hx-encoding="multipart/form-data"> with ui.uploading() inside.
document.addEventListener("htmx:xhr:progress", event => {
  const bar = event.target.querySelector?.("[data-uploading]");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.querySelector("progress").value = 100 * event.detail.loaded / event.detail.total;
});

// Nothing arrived, or something the page has no place for: say so, and what is safe.
const trouble = shown => { const note = document.getElementById("trouble"); if (note) note.hidden = !shown; };
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, () => trouble(true));
document.addEventListener("htmx:afterOnLoad", () => trouble(false));
