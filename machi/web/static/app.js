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

// Drafts: <form data-autosave="proposal-7-12" hx-trigger="input changed delay:2s, again" ...> with ui.unsent() and ui.autosave() inside;
// the name says whose it is. The town's copy is the truth. What did not reach it waits on this device, beside the words it was written
// over: it goes on from those words alone; where the town has others by now, both are shown and nothing is written over.
const UNSENT = "unsent:";
const device = deed => { try { return deed(localStorage); } catch { return null; } };       // a browser may have no room for it
const fields = form => [...all("textarea, input[type=text]", form)];
const texts = (form, which) => fields(form).map(field => [field.name, field[which].trim()]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const named = form => UNSENT + form.dataset.autosave;
const waiting = form => device(shelf => JSON.parse(shelf.getItem(named(form))));
const keep = form => device(shelf => shelf.setItem(named(form), JSON.stringify({ over: texts(form, "defaultValue"), words: texts(form, "value") })));
const forget = form => device(shelf => shelf.removeItem(named(form)));
const again = form => fields(form)[0].dispatchEvent(new Event("again", { bubbles: true }));
const beside = form => form.querySelector("[data-unsent]");
const say = (form, state) => { for (const word of all("[data-autosave-note] [data-state]", form)) word.hidden = word.dataset.state !== state; };
const draft = event => event.detail.requestConfig.verb === "post" && event.detail.elt.closest("form[data-autosave]");

document.addEventListener("htmx:beforeRequest", event => {
  const form = draft(event);
  if (!form) return;
  say(form, "saving");
  for (const field of fields(form)) field.sent = field.value;
});
document.addEventListener("htmx:afterRequest", event => {
  const form = draft(event), status = event.detail.xhr.status, arrived = status >= 200 && status < 400;
  if (!form) return;
  say(form, arrived ? "saved" : status >= 400 && status < 500 ? "" : "local");              // 409 and 422 speak for themselves
  if (!arrived) return keep(form);
  for (const field of fields(form)) field.defaultValue = field.sent;
  if (beside(form).hidden) forget(form);
});
document.addEventListener("htmx:load", event => {
  for (const form of all("form[data-autosave]", event.target.parentNode)) {
    const { over, words } = waiting(form) ?? {};
    if (!words) continue;
    if (same(words, texts(form, "value"))) { forget(form); continue; }
    beside(form).hidden = same(over, texts(form, "defaultValue"));
    beside(form).querySelector("[data-words]").textContent = words.map(([, text]) => text).join("\n\n");
    if (!beside(form).hidden) continue;
    for (const [name, text] of words) if (form.elements[name]) form.elements[name].value = text;
    say(form, "local");
    again(form);
  }
});
addEventListener("online", () => { for (const form of all("form[data-autosave]")) if (waiting(form)) again(form); });
// Saving makes an end of what waited, and so does signing out: another person may use this device.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.dataset.autosave) navigator.onLine ? forget(form) : keep(form);
  if (form.matches("[data-signs-out]")) device(shelf => Object.keys(shelf).filter(key => key.startsWith(UNSENT)).forEach(key => shelf.removeItem(key)));
});
