// Small comforts for pages that work without any of them. No page depends on this file.
"use strict";
(() => {
  // A form marked data-keep keeps what was typed in this tab until it was sent, so that a closed page loses nothing.
  const place = (form) => "counterfoil:" + location.pathname + "#" + (form.id || "form");
  const fields = (form) => [...form.elements].filter((each) =>
    each.name && each.name !== "csrf" && !["password", "file", "hidden", "submit", "button"].includes(each.type));
  // For whom the page was made: whoever signs in after them in the same tab gets nothing of it.
  const by = (form) => (form.elements["typed-by"] || { value: "" }).value;
  const restore = (form) => {
    const kept = sessionStorage.getItem(place(form));
    if (!kept || form.dataset.keep === "sent") return;
    const values = JSON.parse(kept);
    if ((values["typed-by"] || "") !== by(form)) {
      sessionStorage.removeItem(place(form));
      return;
    }
    let changed = false;
    fields(form).forEach((each, number) => {
      const value = values[each.name + ":" + number];
      if (value === undefined) return;
      if (each.type === "checkbox" || each.type === "radio") {
        changed = changed || each.checked !== value;
        each.checked = value;
      } else if (each.value !== value) {
        changed = true;
        each.value = value;
      }
    });
    const told = form.querySelector("[data-restored]");
    if (changed && told) told.hidden = false;
  };
  const keep = (form) => {
    const values = { "typed-by": by(form) };
    fields(form).forEach((each, number) => {
      values[each.name + ":" + number] = ["checkbox", "radio"].includes(each.type) ? each.checked : each.value;
    });
    try {
      sessionStorage.setItem(place(form), JSON.stringify(values));
    } catch (full) {
      console.warn("counterfoil: this form is too large to be kept", full.name);
    }
  };
  document.querySelectorAll("form[data-keep]").forEach(restore);
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) keep(form);
  });
  // A page that says that something was done takes its kept form away.
  document.querySelectorAll("[data-done]").forEach((each) => {
    const done = new URL(each.dataset.done, location.href);
    sessionStorage.removeItem("counterfoil:" + done.pathname + done.hash);
  });

  // Who signs out leaves nothing in the tab for whoever comes next.
  document.addEventListener("submit", (event) => {
    const { dataset, elements } = event.target;
    if (!("leave" in dataset) && !(elements.do && elements.do.value === "end_all")) return;
    Object.keys(sessionStorage).filter((key) => key.startsWith("counterfoil:")).forEach((key) => sessionStorage.removeItem(key));
  });

  // A form is sent once: a second click while the first is under way does nothing. The server holds to it as well.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "yes";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach((form) => {
    delete form.dataset.sending;
    form.removeAttribute("aria-busy");
  }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const text = source.value === undefined ? source.textContent : source.value;
    const done = () => { button.dataset.copied = "yes"; };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done);
    else if (source.select) { source.select(); document.execCommand("copy"); done(); }
  });
  // On a phone the menu is a strip: the place where somebody is stands in sight.
  const here = document.querySelector(".menu a[aria-current]");
  if (here) here.closest("ul").scrollLeft = here.offsetLeft - here.closest("ul").offsetLeft - 24;
  document.querySelectorAll("[data-scripted]").forEach((each) => { each.hidden = false; });
  document.querySelectorAll("[data-print]").forEach((each) => each.addEventListener("click", () => window.print()));
})();
