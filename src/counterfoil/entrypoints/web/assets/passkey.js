// Signing in by a passkey, and adding one: the browser speaks with the authenticator, the office's routes with us.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const post = async (address, body, token) => {
    const headers = { "content-type": "application/json", ...(token ? { "x-csrf-token": token } : {}) };
    const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.json()).title || answer.status);
    return answer.json();
  };
  const listed = (items) => (items || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const answered = (made) => ({
    id: made.id, rawId: text(made.rawId), type: made.type,
    clientExtensionResults: made.getClientExtensionResults(),
    response: Object.fromEntries(["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]
      .filter((name) => made.response[name]).map((name) => [name, text(made.response[name])])),
  });
  const asked = async (form) => {
    const { step, options } = await post(form.dataset.options, { step: form.dataset.step });
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    await post(form.dataset.answer, { step, response: answered(found) });
  };
  const added = async (form) => {
    const token = form.elements.csrf.value;
    const { step, options } = await post(form.dataset.options, {}, token);
    const publicKey = {
      ...options, challenge: bytes(options.challenge), excludeCredentials: listed(options.excludeCredentials),
      user: { ...options.user, id: bytes(options.user.id) },
    };
    const made = await navigator.credentials.create({ publicKey });
    await post(form.dataset.answer, { step, response: answered(made), label: form.elements.label.value }, token);
  };
  const lead = (id, work) => {
    const form = document.getElementById(id);
    if (!form || !window.PublicKeyCredential) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const told = form.querySelector("[data-failed]");
      told.textContent = "";
      try {
        await work(form);
        form.submit();
      } catch (error) {
        told.textContent = `${told.dataset.failed} (${error.message})`;
      }
    });
  };
  lead("passkey", asked);
  lead("new-passkey", added);
})();
