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

// A second click on a deed is no second deed. After coming back through history the buttons work again.
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
});
addEventListener("pageshow", () => {
  for (const form of all("form[data-sent]")) { delete form.dataset.sent; for (const button of all("button", form)) button.removeAttribute("aria-disabled"); }
});

// After an answer (422, 409, done) the reader is taken to what changed.
const meet = () => document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:afterSwap", meet);
document.addEventListener("DOMContentLoaded", meet);

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

// Drafts: <form data-autosave="proposal-12" hx-trigger="input changed delay:2s" ...> with ui.autosave() inside.
// The server's copy is the truth. Only what did not reach it waits on this device, until it has.
const store = { get: key => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch {} } };
const say = (form, state) => { for (const word of all("[data-autosave-note] [data-state]", form)) word.hidden = word.dataset.state !== state; };
const texts = form => JSON.stringify([...all("textarea, input[type=text]", form)].map(field => [field.name, field.value]));
const draft = event => event.detail.elt.matches?.("form[data-autosave]") && event.detail.elt;
document.addEventListener("htmx:beforeRequest", event => { const form = draft(event); if (form) say(form, "saving"); });
document.addEventListener("htmx:afterRequest", event => {
  const form = draft(event);
  if (!form) return;
  say(form, event.detail.successful ? "saved" : "local");
  store.set(`draft:${form.dataset.autosave}`, event.detail.successful ? null : texts(form));
});
document.addEventListener("DOMContentLoaded", () => {
  for (const form of all("form[data-autosave]")) {
    const kept = store.get(`draft:${form.dataset.autosave}`);
    if (!kept || kept === texts(form)) continue;
    for (const [name, value] of JSON.parse(kept)) if (form.elements[name]) form.elements[name].value = value;
    say(form, "local");
  }
});
