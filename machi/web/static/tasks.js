// Comfort only: a form of small work (templates/components/answering.html) can be answered without this file. Nothing here adds or moves a
// field: a half answer (drafts.js) finds each where it was.
{
  const every = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shelf = deed => { try { return deed(localStorage); } catch { return null; } };      // a browser may have no room for it
  const changed = field => field.dispatchEvent(new Event("input", { bubbles: true }));
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let waiting;
  const say = (near, words) => {                          // once somebody rests: not each step of a key that is held down
    const place = near.closest("[data-answering]").querySelector("[data-said]");
    clearTimeout(waiting);
    waiting = setTimeout(() => { place.textContent = words; }, 300);
  };

  // ---- a number picks an option; it can be turned off, and the device remembers (WCAG 2.1.4) ----
  const OFF = "shortcuts:off", areOff = () => shelf(kept => kept.getItem(OFF)) !== null;
  const options = block => every(".options input", block);
  const show = () => {
    for (const button of every("[data-shortcuts]")) button.setAttribute("aria-pressed", String(!areOff()));
    for (const root of every("[data-answering]")) root.classList.toggle("no-keys", areOff());
  };
  document.addEventListener("click", event => {
    if (!event.target.closest("[data-shortcuts]")) return;
    shelf(kept => areOff() ? kept.removeItem(OFF) : kept.setItem(OFF, "yes"));
    show();
  });
  document.addEventListener("keydown", event => {
    const { key, target } = event, isHeld = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
    if (isHeld || !/^[1-9]$/.test(key) || areOff() || target.closest("textarea, select, dialog, input:not([type=radio], [type=checkbox])")) return;
    const blocks = every("form [data-answering] [data-block]").filter(block => options(block).length);
    const block = target.closest("[data-block]") ?? blocks.find(one => !one.querySelector(":checked")) ?? blocks[0];
    const option = block && options(block)[key - 1];
    if (!option) return;
    event.preventDefault();
    option.focus();
    option.click();
  });
  // Letters press the other buttons of a bundle (S, Z, B), and Ctrl + Enter sends what the field is for. Once for each press: a finger
  // that rests on S would step over one item after the other, and nothing brings them back.
  document.addEventListener("keydown", event => {
    const { key, target } = event, form = document.querySelector("form[data-working]");
    if (!form || event.isComposing || event.altKey || event.repeat || event.defaultPrevented) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey) && form.contains(target)) {
      event.preventDefault();
      return form.requestSubmit(form.querySelector(`[name=do][value=${target.name === "flag" ? "flag" : "answer"}]`));
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || areOff() || target.closest("textarea, select, dialog, input:not([type=radio], [type=checkbox])")) return;
    const button = /^[a-z]$/.test(key) && form.querySelector(`[data-key=${key}]`);
    if (!button) return;
    event.preventDefault();
    button.click();
    if (button.matches("summary")) button.parentElement.querySelector("textarea").focus();
  });
  const mark = root => {
    for (const help of every("[data-keys-help]", root)) help.hidden = false;
    for (const button of every(".deeds [data-key]", root)) {
      if (button.querySelector("kbd")) continue;
      button.append(Object.assign(document.createElement("kbd"), { textContent: button.dataset.key.toUpperCase() }));
      button.lastChild.setAttribute("aria-hidden", "true");
    }
    for (const button of every("[data-shortcuts]", root)) button.parentElement.hidden = false;
    for (const block of every("[data-block]:not([data-block=scale])", root)) options(block).slice(0, 9).forEach((option, at) => {
      if (option.parentElement.querySelector("kbd")) return;
      const key = document.createElement("kbd");
      key.textContent = at + 1;
      key.setAttribute("aria-hidden", "true");
      option.after(key);
    });
  };

  // ---- how long somebody works at an item: while they look at it, and not while they are away from the page ----
  const REST = 120_000;                                   // without a touch for so long: they are elsewhere
  let since = performance.now(), worked = 0;
  const tick = () => {
    const now = performance.now();
    if (!document.hidden) worked += Math.min(now - since, REST);
    since = now;
  };
  const clocks = () => every("form[data-working] [name=seconds]");
  const count = () => { tick(); for (const field of clocks()) field.value = Math.round(worked / 1000); };
  for (const touch of ["keydown", "pointerdown", "scroll", "play"]) document.addEventListener(touch, tick, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => { if (document.hidden) worked += Math.min(performance.now() - since, REST); since = performance.now(); });
  document.addEventListener("submit", event => { if (event.target.matches("[data-working]")) count(); }, true);
  document.addEventListener("kept", () => { worked = 0; });                                // on this device, with its time (tasks-offline.js)
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.closest("[data-working]")) return;
    count();
    detail.parameters.seconds = String(Math.round(worked / 1000));
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { xhr, elt } }) => {           // what arrived is counted there
    if (elt.closest("[data-working]") && xhr.status === 200) worked = 0;
  });

  // ---- a picture or a sound that does not come is told beside it, and what stands in its place is heard anyway ----
  const tellLost = one => {
    const words = (one.closest("[data-stage]") ?? one).parentElement.querySelector("[data-lost]");
    if (words) words.hidden = false;
  };
  document.addEventListener("error", ({ target }) => { if (target.matches?.("[data-answering] :is(img, audio, video)")) tellLost(target); }, true);

  // ---- an order: up and down change places with the neighbour, and nothing moves on the page ----
  const choice = row => row.querySelector("select"), called = row => row.querySelector("label span").textContent;
  const ordered = rows => [...rows].sort((one, other) => (+choice(one).value || 99) - (+choice(other).value || 99));
  const tell = block => {
    const rows = every("[data-rank]", block), line = block.querySelector("[data-order]");
    const isWhole = new Set(rows.map(row => choice(row).value).filter(Boolean)).size === rows.length;
    line.textContent = isWhole ? line.dataset.now : "";
    if (isWhole) ordered(rows).forEach((row, at) => {
      const name = document.createElement("span");
      name.dir = "auto";
      name.textContent = called(row);
      line.append(` ${at + 1}. `, name);
    });
  };
  document.addEventListener("click", event => {
    const button = event.target.closest("[data-move]"), block = button?.closest("[data-block]");
    if (!block) return;
    event.preventDefault();
    const row = button.closest("[data-rank]"), order = ordered(every("[data-rank]", block)), at = order.indexOf(row), to = at + +button.dataset.move;
    if (order[to]) [order[at], order[to]] = [order[to], order[at]];
    order.forEach((one, place) => { choice(one).value = place + 1; });
    changed(choice(row));
    tell(block);
    say(block, filled(block.querySelector("[data-order]").dataset.moved, { option: called(row), n: order.indexOf(row) + 1 }));
  });
  document.addEventListener("change", ({ target }) => { if (target.closest("[data-rank]")) tell(target.closest("[data-block]")); });

  // ---- boxes on a picture: the numbers are what is sent; the picture shows them, and can be drawn on ----
  const SIDES = ["x", "y", "w", "h"], LEAST = 1;          // percent
  const side = (row, name) => row.querySelector(`[data-side=${name}]`);
  const number = text => /^\s*\d{1,3}(\.\d+)?\s*$/.test(text) ? +text : NaN;
  const read = row => Object.fromEntries(SIDES.map(name => [name, number(side(row, name).value)]));
  const within = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));
  const round = value => String(Math.round(value * 10) / 10);
  const write = (row, box) => {
    const w = within(box.w, LEAST, 100), h = within(box.h, LEAST, 100), x = within(box.x, 0, 100 - w), y = within(box.y, 0, 100 - h);
    Object.entries({ x, y, w, h }).forEach(([name, value]) => { side(row, name).value = round(value); });
    changed(side(row, "x"));
  };
  const rows = block => every("[data-box]", block), stageOf = block => block.querySelector("[data-stage]");
  const isUsed = row => SIDES.some(name => side(row, name).value.trim());
  const name = (block, row) => {
    const label = side(row, "label"), values = Object.fromEntries(SIDES.map(of => [of, side(row, of).value]));
    const { boxName, boxLabel } = block.querySelector("[data-box-name]").dataset;
    return filled(boxName, { n: rows(block).indexOf(row) + 1, label: label?.value ? label.selectedOptions[0].text : boxLabel, ...values });
  };
  const draw = block => {
    const stage = stageOf(block);
    rows(block).forEach((row, at) => {
      if (isUsed(row)) row.hidden = false;
      if (!stage) return;
      const box = read(row), isWhole = !row.hidden && SIDES.every(of => !isNaN(box[of]));
      let shape = stage.querySelector(`[data-at="${at}"]`);
      if (!isWhole) return shape?.remove();
      if (!shape) {
        shape = document.createElement("button");
        shape.type = "button";
        shape.className = "box";
        shape.dataset.at = at;
        shape.append(Object.assign(document.createElement("span"), { textContent: at + 1 }), Object.assign(document.createElement("i"), { className: "grip" }));
        stage.append(shape);
      }
      shape.setAttribute("aria-label", name(block, row));
      Object.assign(shape.style, { left: `${box.x}%`, top: `${box.y}%`, width: `${box.w}%`, height: `${box.h}%` });
    });
  };
  const begin = (block, box) => {                         // the next row that is free; the label is the one chosen last
    const free = rows(block).find(row => row.hidden || !isUsed(row));
    if (!free) return null;
    const label = side(free, "label"), last = rows(block).filter(isUsed).pop();
    if (label && last) label.value = side(last, "label").value;
    free.hidden = false;
    write(free, box);
    draw(block);
    return free;
  };
  const shapeOf = (block, row) => stageOf(block)?.querySelector(`[data-at="${rows(block).indexOf(row)}"]`);
  const end = (block, row) => {
    every("[data-side]", row).forEach(field => { field.value = ""; });
    row.hidden = true;
    changed(side(row, "x"));
    draw(block);
    say(block, filled(block.querySelector("[data-box-gone]").dataset.boxGone, { n: rows(block).indexOf(row) + 1 }));
    block.querySelector("[data-more]").focus();
  };
  document.addEventListener("click", event => {
    const block = event.target.closest("[data-block=boxes]");
    if (!block) return;
    if (event.target.closest("[data-more]")) {
      event.preventDefault();
      const row = begin(block, { x: 25, y: 25, w: 50, h: 50 });
      if (row) (shapeOf(block, row) ?? row.querySelector("[data-side]")).focus();
      if (row) say(block, name(block, row));
    }
    if (event.target.closest("[data-less]")) { event.preventDefault(); end(block, event.target.closest("[data-box]")); }
    const finger = event.target.closest("[data-by-finger]");
    if (finger) finger.setAttribute("aria-pressed", String(stageOf(block).toggleAttribute("data-drawing")));
  });
  document.addEventListener("input", ({ target }) => { if (target.matches("[data-side]")) draw(target.closest("[data-block]")); });
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", event => {
    const shape = event.target.closest("[data-stage] .box");
    if (!shape || event.ctrlKey || event.metaKey || event.altKey) return;
    const block = shape.closest("[data-block]"), row = rows(block)[shape.dataset.at], step = STEPS[event.key], box = read(row);
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); return end(block, row); }
    if (event.key === "Enter") { event.preventDefault(); return row.querySelector("[data-side]").focus(); }
    if (!step) return;
    event.preventDefault();
    const [right, down] = step;
    write(row, event.shiftKey ? { ...box, w: within(box.w + right, LEAST, 100 - box.x), h: within(box.h + down, LEAST, 100 - box.y) }
      : { ...box, x: box.x + right, y: box.y + down });
    say(block, name(block, row));
  });
  document.addEventListener("pointerdown", event => {
    const stage = event.target.closest("[data-stage]");
    if (!stage || event.button || event.pointerType === "touch" && !stage.hasAttribute("data-drawing")) return;
    event.preventDefault();
    const block = stage.closest("[data-block]"), shape = event.target.closest(".box"), frame = stage.getBoundingClientRect();
    const at = ({ clientX, clientY }) => ({
      x: within(100 * (clientX - frame.left) / frame.width, 0, 100), y: within(100 * (clientY - frame.top) / frame.height, 0, 100) });
    const from = at(event), grip = event.target.closest(".grip"), was = shape && read(rows(block)[shape.dataset.at]);
    let row = shape && rows(block)[shape.dataset.at];
    const move = moved => {
      const to = at(moved), right = to.x - from.x, down = to.y - from.y;
      if (grip) return write(row, { ...was, w: within(was.w + right, LEAST, 100 - was.x), h: within(was.h + down, LEAST, 100 - was.y) });
      if (was) return write(row, { ...was, x: was.x + right, y: was.y + down });
      const box = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), w: Math.abs(right), h: Math.abs(down) };
      if (row) write(row, box);
      else if (box.w > LEAST && box.h > LEAST) row = begin(block, box);
    };
    const done = () => {
      stage.removeEventListener("pointermove", move);
      if (!row) return;
      shapeOf(block, row)?.focus();
      say(block, name(block, row));
    };
    stage.setPointerCapture(event.pointerId);
    stage.addEventListener("pointermove", move);
    for (const over of ["pointerup", "pointercancel"]) stage.addEventListener(over, done, { once: true });
  });

  const meet = root => {
    mark(root);
    for (const one of every("[data-answering] img", root)) if (one.complete && !one.naturalWidth) tellLost(one);      // before anybody listened
    for (const block of every("[data-block=boxes]", root)) {
      draw(block);
      every("[data-keys]", block).forEach(line => { line.hidden = false; });
      every("[data-by-finger]", block).forEach(button => { button.hidden = !matchMedia("(any-pointer: coarse)").matches; });
    }
    show();
  };
  // A half answer that waited on this device is put into its fields by drafts.js, which says so with "again".
  const sync = () => { every("[data-block=boxes]").forEach(draw); every("[data-block=ranking]").forEach(tell); };
  document.addEventListener("again", sync);
  addEventListener("pageshow", sync);
  document.addEventListener("htmx:load", event => meet(event.target.parentNode ?? document));
  meet(document);
}
