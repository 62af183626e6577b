// Small work without a line: answers wait on this device and are sent once there is one; some items lie ready for that. Comfort only.
// Each answer has a record of its own, so no window takes away what another has put there; its name begins as that of a draft, so that
// whoever signs out takes them away (drafts.js). It goes when its answer has arrived, or when the person lets it go, and never else.
{
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shelf = deed => { try { return deed(localStorage); } catch { return null; } };      // a browser may have no room for it
  const session = deed => { try { return deed(sessionStorage); } catch { return null; } };  // pages are the person's of their own tab
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const PAGE = "task-page:", PRESSED = "task-pressed", AGAIN = 30_000;
  const box = document.querySelector("[data-waiting]"), NAME = `unsent:${box?.dataset.waiting}`;
  const working = () => document.querySelector("form[data-working]");
  const place = form => new URL(form.action).pathname;

  const put = ({ key, ...record }) => shelf(kept => { kept.setItem(key, JSON.stringify(record)); return true; });
  const drop = ({ key }) => shelf(kept => kept.removeItem(key));
  const here = () => shelf(kept => Object.keys(kept).filter(key => key.startsWith(NAME)).sort().map(key => ({ key, ...JSON.parse(kept.getItem(key)) }))) ?? [];
  const waits = () => here().filter(({ stuck }) => !stuck);
  const stuckAt = form => here().find(({ to, stuck }) => stuck && to === place(form));
  const filesOf = form => every("[type=file]", form);   // they need a line: what was typed beside them stays where it is
  const bodyOf = (form, did) => {
    const body = new URLSearchParams(new FormData(form));
    body.set("do", did);
    for (const field of filesOf(form)) body.delete(field.name);
    body.delete("csrfmiddlewaretoken");                 // the page that sends it has one of its own
    return String(body);
  };
  const typedIn = form => every("[name^='a.'], [name=flag]", form).filter(field => field.matches(":checked, textarea, select, [type=text], [type=date]"))
    .map(field => field.value).filter(Boolean).join("、");

  // ---- what waits is told; what could not be sent stands there with its words ----
  const line = one => {
    const row = box.querySelector("template").content.cloneNode(true).firstElementChild, link = row.querySelector("a");
    Object.assign(link, { href: one.to, textContent: one.title });
    if (box.dataset.place === "over") link.replaceWith(one.title);
    row.querySelector(".typed").textContent = one.typed;
    row.querySelector("[data-copy]").hidden = !one.typed;
    row.addEventListener("click", async ({ target }) => {
      const copy = target.closest("[data-copy]");
      if (copy) await navigator.clipboard?.writeText(one.typed).then(() => { copy.querySelector("span").textContent = copy.dataset.copy; }, () => null);
      if (!target.closest("[data-let-go]")) return;
      drop(one);
      tell();
    });
    return row;
  };
  const bundleOf = ({ to }) => to.replace(/answers\/\d+\/$/, "");
  const bundles = () => [...new Set(here().map(bundleOf))].map(href => {
    const row = document.createElement("li"), list = here().filter(one => bundleOf(one) === href);
    row.append(Object.assign(document.createElement("a"), { href, textContent: filled(box.dataset.line, { title: list[0].bundle, n: list.length }) }));
    return row;
  });
  let told;
  const tell = (...more) => {
    const form = working(), list = here(), mine = form && stuckAt(form)?.key, stuck = list.filter(one => one.stuck && one.key !== mine);
    const { dataset } = box, isList = dataset.place === "list", words = more.filter(Boolean);
    if (mine) words.push(dataset.again);
    if (isList ? list.length : stuck.length) words.push(filled(dataset.stuck, { n: stuck.length }));
    box.hidden = !words.length;
    box.querySelector("p").textContent = words.join(" ");
    const shown = JSON.stringify(isList ? list.map(bundleOf) : stuck);
    if (shown === told) return;                         // a link under a finger stays
    told = shown;
    box.querySelector("ul").replaceChildren(...isList ? bundles() : stuck.map(line));
  };

  // ---- one after the other, in one window at a time ----
  let before = Promise.resolve(), again;
  const alone = deed => navigator.locks ? navigator.locks.request("tasks-unsent", deed) : before = before.then(deed);
  // What the town takes, or has taken before, is over; 409 and 422 are an answer that a person must look at. Whatever else comes (it is
  // starting anew, has no room, wants to know who it is) says nothing about the answer: it goes on waiting.
  const sent = async one => {
    const body = new URLSearchParams(one.body);
    body.set("csrfmiddlewaretoken", box.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(one.to, { method: "POST", body }).catch(() => null);
    if (answer?.ok && new URL(answer.url).pathname.startsWith("/bundles/")) return "arrived";
    return [409, 422].includes(answer?.status) ? "stuck" : "";
  };
  const send = () => alone(async () => {
    clearTimeout(again);
    let arrived = 0;
    for (const one of waits()) {
      if (!navigator.onLine) break;
      const what = await sent(one);
      if (!what) break;
      if (what === "stuck" && one.did !== "skip") put({ ...one, stuck: true });             // of a step over there are no words to keep
      else drop(one);
      arrived += what === "arrived";
    }
    const rest = waits().length, form = working();
    if (rest && navigator.onLine) again = setTimeout(send, AGAIN);
    if (!rest && (form?.hidden || arrived && !("typed" in (form?.dataset ?? {})))) return location.assign(box.dataset.onward);
    tell(rest && filled(box.dataset[navigator.onLine ? "later" : form?.hidden ? "end" : "now"], { n: rest }));
  });

  // ---- without a line: on to the items that lie ready ----
  const ahead = form => form.dataset.ahead.split(" ").filter(Boolean);
  const picturesOf = page => every("[data-answering] img", new DOMParser().parseFromString(page, "text/html")).map(one => one.getAttribute("src"));
  const getReady = async form => {
    for (const address of ahead(form)) {
      if (!navigator.onLine || session(kept => kept.getItem(PAGE + address))) continue;
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
      const page = answer?.ok && await answer.text();
      if (page) session(kept => kept.setItem(PAGE + address, page));
      if (page) await Promise.all(picturesOf(page).map(place => fetch(place).catch(() => null)));       // the browser keeps them for an hour
    }
    form.dataset.ready = "";
  };
  const goOn = form => {
    const known = new Set(here().map(({ to }) => to)), next = ahead(form).find(address => !known.has(address) && session(kept => kept.getItem(PAGE + address)));
    form.hidden = !next;
    if (next) {
      const head = document.querySelector(".runner-head");     // the page that lay ready may be older
      document.getElementById("runner").outerHTML = session(kept => kept.getItem(PAGE + next));
      document.querySelector(".runner-head").replaceWith(head);
      for (const field of every("[name=drawn_at]")) field.value = Math.round(Date.now() / 1000);
      const runner = document.getElementById("runner");
      htmx.process(runner);
      runner.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: runner } }));
      document.getElementById("item-h").focus();
    }
    tell(filled(box.dataset[next ? "now" : "end"], { n: waits().length }));
  };
  const keep = (form, did) => {                         // why it was not kept; nothing when it was
    if (did === "half" || did === "undo") return box.dataset.only;
    if (did === "answer" && filesOf(form).some(field => field.files.length || field.required)) return box.dataset.file;
    if (did === "answer" && !form.reportValidity() || did === "flag" && !form.elements.flag.value.trim()) return box.dataset.first;
    const key = stuckAt(form)?.key ?? `${NAME}${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
    const record = { key, to: place(form), did, body: bodyOf(form, did), title: document.getElementById("item-h").textContent, bundle: box.dataset.bundle, typed: typedIn(form) };
    return put(record) ? "" : box.dataset.full;
  };
  document.addEventListener("submit", event => {
    const form = event.target, did = event.submitter?.name === "do" ? event.submitter.value : "answer";
    if (form.matches("[data-signs-out]")) session(kept => Object.keys(kept).filter(key => key.startsWith(PAGE)).forEach(key => kept.removeItem(key)));
    const isWithin = event.submitter?.name === "a.act";   // a button that draws the form once more
    if (!form.matches("[data-working]") || isWithin && navigator.onLine) return;
    if (navigator.onLine) {                             // the words of one that was stuck go when the next page says that it was given
      const one = stuckAt(form);
      return one && session(kept => kept.setItem(PRESSED, one.key));
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const why = isWithin ? box.dataset.only : keep(form, did);
    if (why) {
      form.isLeaving = false;                           // it stays: what is typed goes on being kept (drafts.js)
      return tell(why);
    }
    shelf(kept => Object.keys(kept).filter(key => key.startsWith(`unsent:${form.dataset.autosave}:`)).forEach(key => kept.removeItem(key)));
    document.dispatchEvent(new Event("kept"));
    goOn(form);
  }, true);
  document.addEventListener("input", event => {
    const form = event.target.closest("[data-working]"), one = form && stuckAt(form);
    if (form) form.dataset.typed = "";
    if (one) put({ ...one, body: bodyOf(form, one.did), typed: typedIn(form) });
  });

  // ---- what could not be sent stands in its form again when its item is looked at ----
  const putBack = form => {
    const one = stuckAt(form), words = one && new URLSearchParams(one.body), at = {};
    if (!one) return;
    for (const field of every("[name^='a.']:not([type=hidden], [type=file], button), [name=flag]", form)) {
      const texts = words.getAll(field.name);
      if (field.matches("[type=radio], [type=checkbox]")) field.checked = texts.includes(field.value);
      else field.value = texts[at[field.name] = (at[field.name] ?? -1) + 1] ?? "";
    }
    const flag = form.elements.flag.closest("details");
    flag.open ||= !!words.get("flag");
    form.dispatchEvent(new Event("again", { bubbles: true }));
  };
  addEventListener("online", send);
  document.addEventListener("DOMContentLoaded", () => {
    const form = working(), pressed = session(kept => kept.getItem(PRESSED)), one = here().find(({ key }) => key === pressed);
    session(kept => kept.removeItem(PRESSED));
    if (one?.to === box.dataset.given) drop(one);
    if (form) putBack(form);
    if (waits().length) send();
    tell();
    if (form) getReady(form);
  });
}
