// Drafts: <form data-autosave="proposal-7-12" hx-trigger="input changed delay:2s, again" ...> with ui.unsent() and ui.autosave() inside;
// the name says whose it is. The town's copy is the truth. What did not reach it waits on this device, beside what it was written
// over: it goes on from there alone; where the town has other words by now, both are shown and nothing is written over. Each page that
// is opened keeps a record of its own, so no window takes away what another could not send.
const UNSENT = "unsent:", HERE = Date.now().toString(36) + Math.random().toString(36).slice(2), RETRY = 15_000;
const device = deed => { try { return deed(localStorage, sessionStorage); } catch { return null; } };      // a browser may have no room for it
const put = ({ key, ...record }) => device(shelf => { shelf.setItem(key, JSON.stringify(record)); return true; });
const drop = ({ key }) => device(shelf => shelf.removeItem(key));
const records = (name = "") => device(shelf => Object.keys(shelf).filter(key => key.startsWith(UNSENT + name))
  .map(key => ({ key, ...JSON.parse(shelf.getItem(key)) }))) ?? [];
const clear = () => records().forEach(drop);

const fields = form => [...form.elements].filter(field => field.name && field.matches("textarea, select, input:not([type=hidden], [type=file], [type=password])"));
const isTick = field => field.matches("[type=radio], [type=checkbox]");
const now = field => isTick(field) ? field.checked : field.value.trim();
const was = field => isTick(field) ? field.defaultChecked
  : field.options ? ([...field.options].find(option => option.defaultSelected) ?? field.options[0])?.value ?? "" : field.defaultValue.trim();
const fill = (field, value) => { if (isTick(field)) field.checked = value; else field.value = value; };
const settle = field => {                               // what was sent is what the town has now
  if (isTick(field)) field.defaultChecked = field.sent;
  else if (field.options) for (const option of field.options) option.defaultSelected = option.value === field.sent;
  else field.defaultValue = field.sent;
};
const read = (field, value) => isTick(field) ? value && field.labels[0]?.textContent.trim()
  : field.options ? [...field.options].find(option => option.value === value)?.text : value;       // as people read it
const said = (form, of) => fields(form).map(field => [field.name, of(field)]);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const bare = words => words.map(([name, value]) => [name, value.normalize?.("NFKC").replace(/[\s,]+/g, "") ?? value]);  // "10,000" is kept as 10000

const mine = form => ({ key: `${UNSENT}${form.dataset.autosave}:${HERE}` });
const waits = form => device(shelf => shelf.getItem(mine(form).key)) !== null;
const keep = (form, pressed = "") => put({
  ...mine(form), page: location.pathname, pressed, over: form.over ?? said(form, was), words: said(form, now) });
const again = form => (fields(form)[0] ?? form).dispatchEvent(new Event("again", { bubbles: true }));
const retry = form => { if (form.isConnected && waits(form)) again(form); };
const own = form => records(`${form.dataset.autosave}:`);
const say = (form, state) => { for (const word of all("[data-autosave-note] [data-state]", form)) word.hidden = word.dataset.state !== state; };
const draft = ({ detail: { requestConfig: { verb, elt } } }) =>                            // the answer may have taken it off the page
  verb === "post" && elt.closest("form[data-autosave]");

// A press waits until the draft that is on its way has arrived, so that it speaks of the newest version; after it no older words leave.
const isPressed = form => form.isLeaving || "press" in form;
document.addEventListener("submit", event => {
  const form = event.target;
  if (!form.matches("[data-autosave][hx-trigger]")) return;
  if (!form.isSending) { form.isLeaving = true; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  form.press = event.submitter;
}, true);
const press = form => {
  const { press } = form;
  delete form.press;
  if (form.isConnected) form.requestSubmit(press);      // where both texts are shown now, to go on is a choice
};

document.addEventListener("htmx:beforeRequest", event => {
  const form = draft(event);
  if (!form) return;
  if (isPressed(form)) return event.preventDefault();
  form.isSending = true;
  say(form, "saving");
  for (const field of fields(form)) field.sent = now(field);
});
document.addEventListener("htmx:afterRequest", event => {
  const form = draft(event), { xhr, requestConfig } = event.detail, isAside = !!xhr.getResponseHeader("HX-Redirect");
  if (!form) return;
  const arrived = xhr.status >= 200 && xhr.status < 400 && !isAside, isRefused = xhr.status >= 400 && xhr.status < 500;
  const isPress = requestConfig.triggeringEvent?.type === "submit", { key } = mine(form);
  const pressed = own(form).filter(record => record.pressed === HERE), isOnItsWay = !isPress && pressed.some(record => record.key === key);
  if (arrived) {
    fields(form).filter(field => "sent" in field).forEach(settle);
    delete form.over;
    if (isPress) pressed.forEach(drop);
    if (!isOnItsWay) drop({ key });
    if (document.hidden) leave();                       // what was typed since it left waits here
  } else if (isPress) pressed.forEach(record => put({ ...record, pressed: "" }));
  const isKept = !arrived && (isOnItsWay || keep(form));
  say(form, arrived ? "saved" : isKept && !isRefused && !isAside ? "local" : "");           // 409 and 422 speak for themselves
  clearTimeout(form.retry);
  if (!arrived && !isRefused && !isAside) form.retry = setTimeout(isKept ? retry : again, RETRY, form);
  form.isSending = false;
  if ("press" in form) press(form);
});
// A form that was refused shows what was typed, not what the town has: what waits goes on waiting, over the words it was written over.
document.addEventListener("htmx:load", event => {
  for (const form of all("form[data-autosave]", event.target.parentNode)) {
    const shown = said(form, was), isRefused = !!form.querySelector(".summary"), places = fields(form);
    const unsent = own(form).filter(record => isRefused || !same(record.words, shown) || drop(record));
    const next = unsent.find(({ over, words }) => isRefused ? same(words, shown) : same(bare(over), bare(shown)));
    const rest = unsent.filter(record => record !== next), known = new Set(places.map(field => read(field, was(field))));
    const words = rest.flatMap(record => record.words.map(([, value], number) => places[number] ? read(places[number], value) : value))
      .filter(text => text && !known.has(text)).join("\n\n");
    const beside = form.querySelector("[data-unsent]");
    beside.hidden = !words;
    beside.querySelector("[data-words]").textContent = words;
    form.shown = rest.map(({ key }) => key);
    if (!next) continue;
    if (isRefused) form.over = next.over;
    else places.forEach((field, number) => fill(field, next.words[number][1]));
    drop(next);
    keep(form);
    if (isRefused) continue;
    say(form, "local");
    again(form);
  }
});
addEventListener("online", () => all("form[data-autosave]").forEach(retry));
// Somebody is called away and closes the page before the draft has left, or the telephone ends it unseen: what was typed waits here.
const leave = () => {
  for (const form of all("form[data-autosave][hx-trigger]"))
    if (!form.isLeaving && !form.hidden && !same(said(form, now), said(form, was))) keep(form);
};
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });

// A press ends what waits once it has arrived: when the page after it, in the same window, is another one. Until then all of it stays.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.matches("[data-signs-out]")) clear();        // another person may use this device
  if (!form.dataset.autosave) return;
  device((_, tab) => tab.setItem(UNSENT, HERE));
  keep(form, HERE);
  for (const record of own(form)) if (form.shown?.includes(record.key)) put({ ...record, pressed: HERE });
});
const before = document.referrer && new URL(document.referrer).pathname;
const arrive = isBack => {
  const last = device((_, tab) => tab.getItem(UNSENT));
  for (const record of records().filter(({ pressed }) => pressed && pressed === last)) {
    if (isBack || record.page === location.pathname) put({ ...record, pressed: "" });
    else if (record.page === before) drop(record);
  }
};
arrive();
addEventListener("pageshow", event => {
  for (const form of all("form[data-autosave]")) form.isLeaving = false;
  if (event.persisted) arrive(true);
});
if (document.querySelector("[data-signed-out]")) clear();                       // they left the town
