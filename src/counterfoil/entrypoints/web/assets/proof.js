// Checks in the visitor's own browser that an entry stands in the log: RFC 6962 over C2SP tiles, SHA-256, Ed25519.
// Nothing here asks the server whether something is true: it fetches bytes and computes. Browsers offer SHA-256 on https
// only, so ours is here; its constants are computed from the primes, as FIPS 180-4 defines them.
"use strict";
(() => {
  // Hashes. Source: FIPS 180-4, sections 4.2 (constants), 5.3 (initial values), 6.2 and 6.4 (rounds).
  const root = (value, power) => {
    let low = 0n, high = 1n << 80n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** power <= value) low = middle; else high = middle - 1n;
    }
    return low;
  };
  const primes = [];
  for (let number = 2; primes.length < 80; number += 1) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const mask = (1n << 64n) - 1n;
  const rounds512 = primes.map((prime) => root(BigInt(prime) << 192n, 3n) & mask);
  const start512 = primes.slice(0, 8).map((prime) => root(BigInt(prime) << 128n, 2n) & mask);
  const upper = (value) => Number(value >> 32n) | 0;
  const rounds256 = rounds512.slice(0, 64).map(upper), start256 = start512.map(upper);

  const padded = (data, block, lengthBytes) => {
    const size = Math.ceil((data.length + 1 + lengthBytes) / block) * block;
    const bytes = new Uint8Array(size);
    bytes.set(data);
    bytes[data.length] = 0x80;
    new DataView(bytes.buffer).setBigUint64(size - 8, BigInt(data.length) * 8n);
    return bytes;
  };

  const sha256 = (data) => {
    const bytes = padded(data, 64, 8), view = new DataView(bytes.buffer);
    const state = Int32Array.from(start256), w = new Int32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < bytes.length; at += 64) {
      for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(at + 4 * t);
      for (let t = 16; t < 64; t += 1) {
        const a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + w[t - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 64; t += 1) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds256[t] + w[t]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((value, place) => { state[place] += value; });
    }
    const out = new DataView(new ArrayBuffer(32));
    state.forEach((value, place) => out.setInt32(4 * place, value));
    return new Uint8Array(out.buffer);
  };

  const sha512 = (data) => {
    const bytes = padded(data, 128, 16), view = new DataView(bytes.buffer);
    const state = [...start512], w = new Array(80);
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & mask;
    for (let at = 0; at < bytes.length; at += 128) {
      for (let t = 0; t < 16; t += 1) w[t] = view.getBigUint64(at + 8 * t);
      for (let t = 16; t < 80; t += 1) {
        const a = w[t - 15], b = w[t - 2];
        w[t] = (w[t - 16] + w[t - 7] + (turn(a, 1n) ^ turn(a, 8n) ^ (a >> 7n)) + (turn(b, 19n) ^ turn(b, 61n) ^ (b >> 6n))) & mask;
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 80; t += 1) {
        const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & mask & g)) + rounds512[t] + w[t];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask];
      }
      [a, b, c, d, e, f, g, h].forEach((value, place) => { state[place] = (state[place] + value) & mask; });
    }
    const out = new DataView(new ArrayBuffer(64));
    state.forEach((value, place) => out.setBigUint64(8 * place, value));
    return new Uint8Array(out.buffer);
  };

  // Ed25519. Source: RFC 8032, sections 5.1.3 (points), 5.1.4 (addition), 5.1.7 (verification).
  const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (value) => ((value % P) + P) % P;
  const power = (base, exponent) => {
    let found = 1n;
    for (base = mod(base); exponent > 0n; exponent >>= 1n) {
      if (exponent & 1n) found = found * base % P;
      base = base * base % P;
    }
    return found;
  };
  const inverse = (value) => power(value, P - 2n);
  const D = mod(-121665n * inverse(121666n)), ROOT = power(2n, (P - 1n) / 4n);
  const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const point = (bytes) => {
    const number = little(bytes), y = number & ((1n << 255n) - 1n), odd = number >> 255n;
    if (y >= P) return null;
    const square = mod((y * y - 1n) * inverse(D * y % P * y + 1n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x - square)) x = x * ROOT % P;
    if (mod(x * x - square) || (!x && odd)) return null;
    if ((x & 1n) !== odd) x = P - x;
    return [x, y, 1n, x * y % P];
  };
  const add = (p, q) => {
    const a = mod((p[1] - p[0]) * (q[1] - q[0])), b = mod((p[1] + p[0]) * (q[1] + q[0]));
    const c = 2n * p[3] * q[3] % P * D % P, d = 2n * p[2] * q[2] % P;
    return [mod((b - a) * (d - c)), (d + c) * (b + a) % P, mod((d - c) * (d + c)), (b - a) * (b + a) % P].map(mod);
  };
  const times = (scalar, p) => {
    let found = [0n, 1n, 1n, 0n];
    for (; scalar > 0n; scalar >>= 1n) {
      if (scalar & 1n) found = add(found, p);
      p = add(p, p);
    }
    return found;
  };
  const joined = (...parts) => {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { bytes.set(part, at); return at + part.length; }, 0);
    return bytes;
  };
  const signed = (key, message, signature) => {
    if (key.length !== 32 || signature.length !== 64) return false;
    const a = point(key), r = point(signature.slice(0, 32)), s = little(signature.slice(32));
    if (!a || !r || s >= L) return false;
    const y = 4n * inverse(5n) % P, bytes = new Uint8Array(32);
    for (let at = 0; at < 32; at += 1) bytes[at] = Number((y >> BigInt(8 * at)) & 255n);
    const left = times(s, point(bytes));
    const right = add(r, times(little(sha512(joined(signature.slice(0, 32), key, message))) % L, a));
    return !mod(left[0] * right[2] - right[0] * left[2]) && !mod(left[1] * right[2] - right[1] * left[2]);
  };

  // Texts and bytes.
  const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  const utf8 = (string) => new TextEncoder().encode(string);
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
  // Base64 in its one spelling: with other padding bits it is no key and no signature.
  const plain = (base64) => {
    const binary = atob(base64);
    if (btoa(binary) !== base64) throw new Error("base64");
    return Uint8Array.from(binary, (each) => each.charCodeAt(0));
  };

  // The tree. Source: RFC 6962, section 2.1.
  const leafHash = (leaf) => sha256(joined([0], leaf));
  const nodeHash = (left, right) => sha256(joined([1], left, right));
  const below = (size) => { let half = 1; while (half * 2 < size) half *= 2; return half; };
  const rootOf = (hashes) => {
    while (hashes.length > 1) {
      const next = [];
      for (let at = 0; at < hashes.length; at += 2) next.push(nodeHash(hashes[at], hashes[at + 1]));
      hashes = next;
    }
    return hashes[0];
  };
  // The root to which a path leads, with each step on the way; null for a path of another length.
  const climb = (hash, index, size, path) => {
    const steps = [];
    const up = (start, end, at) => {
      if (end - start === 1) return at < 0 ? hash : null;
      if (at < 0) return null;
      const half = below(end - start), right = index >= start + half;
      const inner = right ? up(start + half, end, at - 1) : up(start, start + half, at - 1);
      if (!inner) return null;
      const result = right ? nodeHash(path[at], inner) : nodeHash(inner, path[at]);
      steps.push({ side: right ? "left" : "right", hash: path[at], result });
      return result;
    };
    const found = index >= 0 && index < size ? up(0, size, path.length - 1) : null;
    return found && { root: found, steps };
  };
  // Whether two roots are of one log that only grew. Source: RFC 9162, section 2.1.4.2.
  const grew = (first, second, oldRoot, newRoot, proof) => {
    if (first === second) return !proof.length && same(oldRoot, newRoot);
    if (first < 1 || first > second || !proof.length) return false;
    const list = Number.isInteger(Math.log2(first)) ? [oldRoot, ...proof] : proof;
    let one = first - 1, two = second - 1;
    const half = (value) => Math.floor(value / 2);
    while (one % 2) [one, two] = [half(one), half(two)];
    let old = list[0], now = list[0];
    for (const hash of list.slice(1)) {
      if (!two) return false;
      if (one % 2 || one === two) {
        [old, now] = [nodeHash(hash, old), nodeHash(hash, now)];
        while (one % 2 === 0 && one) [one, two] = [half(one), half(two)];
      } else now = nodeHash(now, hash);
      [one, two] = [half(one), half(two)];
    }
    return !two && same(old, oldRoot) && same(now, newRoot);
  };

  // The log's files. Source: C2SP tlog-tiles; docs/explanation/proofs.md.
  const place = (number, width) => {
    const digits = String(number), groups = digits.padStart(Math.ceil(digits.length / 3) * 3, "0").match(/.{3}/g);
    const path = groups.map((group, at) => (at < groups.length - 1 ? "x" + group : group)).join("/");
    return width === 256 ? path : path + ".p/" + width;
  };
  const log = (base, size) => {
    const fetched = new Map();
    const get = (name) => {
      if (!fetched.has(name)) {
        fetched.set(name, fetch(base + "/" + name, { cache: "no-store" }).then(async (answer) => {
          if (!answer.ok) throw new Error(name + ": " + answer.status);
          return new Uint8Array(await answer.arrayBuffer());
        }));
      }
      return fetched.get(name);
    };
    const width = (level, number) => Math.min(256, Math.floor(size / 256 ** level) - number * 256);
    const hashes = async (level, number) => {
      const bytes = await get("tile/" + level + "/" + place(number, width(level, number)));
      return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.slice(32 * at, 32 * at + 32));
    };
    // The hash over entries start to end: from one tile where they are a whole subtree, else from its two halves.
    const subtree = async (start, end) => {
      const count = end - start;
      if (count === 2 ** Math.round(Math.log2(count)) && start % count === 0) {
        const level = Math.floor(Math.round(Math.log2(count)) / 8), each = 256 ** level;
        const first = start / each, tile = Math.floor(first / 256), within = first % 256;
        return rootOf((await hashes(level, tile)).slice(within, within + count / each));
      }
      const half = below(count);
      return nodeHash(await subtree(start, start + half), await subtree(start + half, end));
    };
    const path = async (index, start = 0, end = size) => {
      if (end - start === 1) return [];
      const middle = start + below(end - start);
      return index < middle
        ? [...await path(index, start, middle), await subtree(middle, end)]
        : [...await path(index, middle, end), await subtree(start, middle)];
    };
    // Source: RFC 6962, section 2.1.2.
    const growth = async (first, start = 0, end = size, whole = true) => {
      if (first === end - start) return whole ? [] : [await subtree(start, end)];
      const half = below(end - start), middle = start + half;
      return first <= half
        ? [...await growth(first, start, middle, whole), await subtree(middle, end)]
        : [...await growth(first - half, middle, end, false), await subtree(start, middle)];
    };
    const leaf = async (index) => {
      const number = Math.floor(index / 256), bytes = await get("tile/entries/" + place(number, width(0, number)));
      const view = new DataView(bytes.buffer);
      let at = 0;
      for (let before = index % 256; before > 0; before -= 1) at += 2 + view.getUint16(at);
      return bytes.slice(at + 2, at + 2 + view.getUint16(at));
    };
    return { path, growth, leaf };
  };
  const checkpoint = (note) => {
    const end = note.lastIndexOf("\n\n"), body = note.slice(0, end + 1);
    const [origin, size, base64] = body.split("\n");
    if (end < 0 || !/^(0|[1-9][0-9]{0,14})$/.test(size)) throw new Error("checkpoint");
    return { origin, size: Number(size), root: plain(base64), body, lines: note.slice(end + 2).split("\n") };
  };
  // Whether the key (name+hash+base64) signed the checkpoint: every line of its name and hash must be good, one must be.
  const signedBy = (key, known) => {
    const [, name, , base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(key.trim()) || [];
    if (!name || name !== known.origin) return false;
    const raw = plain(base64), hint = sha256(joined(utf8(name + "\n"), raw)).slice(0, 4);
    if (raw[0] !== 1) return false;
    const own = known.lines.filter((line) => line.startsWith("\u2014 " + name + " "))
      .map((line) => plain(line.slice(name.length + 3))).filter((each) => same(each.slice(0, 4), hint));
    return own.length > 0 && own.every((each) => signed(raw.slice(1), utf8(known.body), each.slice(4)));
  };

  window.counterfoilProof = { sha256, sha512, signed, leafHash, nodeHash, climb, grew, place, checkpoint, signedBy, log, hex, utf8 };

  // The page.
  const panel = document.getElementById("proof");
  if (!panel) return;
  const words = panel.dataset, list = panel.querySelector("ol"), verdict = panel.querySelector("[role=status]");
  const shown = panel.querySelector("pre"), tamper = document.getElementById("proof-tamper");
  const key = document.getElementById("proof-key");
  const step = (title, good, ...codes) => {
    const item = document.createElement("li"), head = document.createElement("p");
    head.className = "title";
    head.textContent = (good === null ? "" : good ? "✓ " : "✗ ") + title;
    item.append(head);
    item.className = good === false ? "bad" : "";
    codes.forEach((each) => {
      const line = document.createElement("code");
      line.textContent = each;
      item.append(line);
    });
    list.append(item);
  };
  const told = (kind, message) => {
    verdict.className = "note " + kind;
    verdict.textContent = message;
  };
  // What this browser saw last time: a log that was rewritten since cannot show that it only grew.
  const remembered = async (known, files) => {
    const name = "counterfoil-log:" + known.origin;
    let before = null;
    try { before = JSON.parse(localStorage.getItem(name)); } catch (unreadable) { before = null; }
    let fine = true;
    if (before && before.size && before.size <= known.size) {
      fine = grew(before.size, known.size, plain(before.root), known.root, await files.growth(before.size));
      step((fine ? words.grew : words.rewritten).replace("{size}", before.size), fine);
    } else if (before && before.size > known.size) {
      fine = false;
      step(words.shrunk.replace("{size}", before.size), false);
    }
    if (fine) {
      try {
        localStorage.setItem(name, JSON.stringify({ size: known.size, root: btoa(String.fromCharCode(...known.root)) }));
      } catch (full) {
        console.warn("counterfoil: this browser keeps nothing", full.name);
      }
    }
    return fine;
  };
  const run = async () => {
    list.replaceChildren();
    shown.textContent = "";
    told("info", words.running);
    const number = Number(words.entry);
    try {
      const answer = await fetch(words.log + "/checkpoint", { cache: "no-store" });
      if (!answer.ok) throw new Error("checkpoint: " + answer.status);
      const known = checkpoint(await answer.text());
      step(words.checkpoint.replace("{size}", known.size), null, known.origin, hex(known.root));
      if (number >= known.size) { told("warn", words.later); return; }
      const bySigner = signedBy(key.value, known);
      step(bySigner ? words.signed : words.unsigned, bySigner);
      const files = log(words.log, known.size), leaf = await files.leaf(number);
      if (tamper && tamper.getAttribute("aria-pressed") === "true") leaf[leaf.length - 3] ^= 1;
      const hash = leafHash(leaf);
      step(words.leaf.replace("{bytes}", leaf.length), null, hex(hash));
      const found = climb(hash, number, known.size, await files.path(number));
      if (!found) throw new Error("path");
      found.steps.forEach((each, at) =>
        step((each.side === "left" ? words.left : words.right).replace("{step}", at + 1), null, hex(each.hash), "= " + hex(each.result)));
      const reached = same(found.root, known.root);
      step(reached ? words.root : words.other, reached, hex(found.root));
      const said = text(leaf);
      let named = false;
      try { const value = JSON.parse(said); named = value.seq === number; shown.textContent = JSON.stringify(value, null, 2); }
      catch (unreadable) { shown.textContent = said; }
      if (!named) step(words.renamed, false);
      const fine = bySigner && reached ? await remembered(known, files) : false;
      if (reached && bySigner && named && fine) told("good", words.good.replace("{entry}", number).replace("{size}", known.size));
      else told("bad", words.bad);
    } catch (error) {
      told("bad", words.failed.replace("{reason}", error.message));
    }
  };
  panel.hidden = false;
  panel.querySelector("[data-run]").addEventListener("click", run);
  if (tamper) tamper.addEventListener("click", () => {
    tamper.setAttribute("aria-pressed", tamper.getAttribute("aria-pressed") === "true" ? "false" : "true");
    run();
  });
  run();
})();
