"""Check a counterfoil proof offline: python3 verify_bundle.py BUNDLE.json KEY. Python 3.8 or newer, and nothing else.
KEY is any of the registry's public keys, as name+hash+base64 or its base64 alone; get it by another way.
Exit status: 0 proven, 1 not proven, 2 unreadable. What the format means: docs/explanation/proofs.md."""
import base64, hashlib, json, sys  # noqa: E401, I001

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, section 5.1
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def point(data):
    """A point of the curve from its 32 bytes, as (x, y, 1, xy)."""
    y, odd = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    require((x * x - square) % P == 0 and y < P and (x or not odd), "no point of the curve")
    x = x if x % 2 == odd else P - x
    return x, y, 1, x * y % P
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
def times(n, p):
    rest = times(n >> 1, add(p, p)) if n else (0, 1, 1, 0)
    return add(rest, p) if n & 1 else rest
def signed(key, message, signature):
    """True when the signature over the message is the key's: RFC 8032, section 5.1.7."""
    s, k = int.from_bytes(signature[32:], "little"), hashlib.sha512(signature[:32] + key + message).digest()
    require(len(signature) == 64 and len(key) == 32 and s < L, "no signature or key")
    left = times(s, point((4 * pow(5, -1, P) % P).to_bytes(32, "little")))
    right = add(point(signature[:32]), times(int.from_bytes(k, "little") % L, point(key)))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

def require(fits, why):
    if not fits:
        raise ValueError(why)
def plain(text):
    raw = base64.b64decode(text, validate=True)
    return raw if base64.b64encode(raw).decode() == text else None  # None: other padding bits, a second spelling

def root_of(node, index, size, path):
    """The root to which an audit path leads: RFC 6962, section 2.1.1."""
    if size == 1 or not path:
        return node if size == 1 and not path else b""
    half = 1 << (size - 1).bit_length() - 1
    right = index >= half
    node = root_of(node, index - half * right, size - half if right else half, path[:-1])
    return hashlib.sha256(b"\1" + (path[-1] + node if right else node + path[-1])).digest()

def thread(unit, leaves):
    """The leaves that touched a unit, in order, when none between them is missing."""
    name, acts, needed, before = unit.split("-"), [], set(), None
    place = 1 if len(name) == 2 else len(name) - 2
    serial, name[place] = int(name[place]), "#"
    for number, leaf in sorted(leaves.items()):
        rows = [row for row in leaf.get("moves", []) + leaf.get("facts", []) if row[0] == "-".join(name)]
        rows = [row for row in rows if row[1] <= serial <= row[2]]
        if rows:
            born = any(len(row) == 5 and row[3].split(":")[0] in ("issued", "imported", "from") for row in rows)
            require(born or before in leaf["follows"], f"something before entry {number} is missing")
            acts, needed, before = [*acts, leaf], {*needed, number, *leaf.get("follows", [])}, number
    require(acts and needed == set(leaves), "entries are missing, or do not belong to the unit")
    return acts

def log(note, name, key, entries):
    """The size and other lines of a checkpoint, and the leaves of entries under it, when the key signed them all."""
    (body, _, lines), raw = note.rpartition("\n\n"), plain(key.split("+", 2)[2])
    (origin, size, root, *more), hint = body.split("\n"), hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    require([origin, key] == [name, f"{name}+{hint.hex()}+{base64.b64encode(raw).decode()}"], "another key or log")
    own = [plain(line[len(name) + 3:]) for line in lines.split("\n") if line.startswith(f"\u2014 {name} ")]
    good = [signed(raw[1:], f"{body}\n".encode(), each[4:]) for each in own if each[:4] == hint]
    require(good and all(good) and raw[0] == 1, "not signed by the key")
    leaves = {each["seq"]: json.loads(each["leaf"]) for each in entries}
    for each in entries:
        seq, path = each["seq"], [bytes.fromhex(node) for node in each["path"] if node == node.lower()]
        found = root_of(hashlib.sha256(b"\0" + each["leaf"].encode()).digest(), seq, int(size), path)
        require(found == plain(root) and 0 <= seq == leaves[seq]["seq"] < int(size), f"entry {seq} is not in the log")
    return int(size), more, leaves

def proven(data, key):
    """The lines that a bundle proves; ValueError says why it proves nothing."""
    bundle = json.loads(data)
    spelled = json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    require(spelled == data and bundle["format"] == "counterfoil-proof/1", "not the form of a bundle")
    name, about, keys, steps = bundle["origin"], bundle["subject"], bundle["keys"], bundle.get("handovers", [])
    bare = [base64.b64encode(plain(each.split("+", 2)[2])[1:]).decode() for each in keys]
    require(plain(key[-44:]) and key in keys + bare and len(keys) == len(steps) + 1, "another key or log")
    for old, step in enumerate(steps):  # each key signed the log up to the entry that names the next
        size, _, leaves = log(step["checkpoint"], name, keys[old], [step])
        named = [each[2] for each in leaves[size - 1]["records"] if each[0] == "key"]
        require(named == [{"public_key": bare[old + 1], "replaces": bare[old]}], "the keys do not follow")
    size, more, leaves = log(bundle["checkpoint"], name, keys[-1], bundle["entries"])
    acts = thread(about["unit"], leaves) if "unit" in about else [leaves[about["entry"]]]
    return [f"The log {name} had {size} entries ({', '.join(more)}). Proven of {about}, up to its last act:",
            *(f"{leaf['on']}  {leaf['act']}  entry {leaf['seq']}, recorded {leaf['at']}" for leaf in acts)]

if __name__ == "__main__":
    try:
        sys.stdout.write("\n".join(proven(open(sys.argv[1], "rb").read(), sys.argv[2])) + "\n")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as why:
        sys.stderr.write(f"Not proven: {why!r}\n")
        sys.exit(1 if type(why) is ValueError else 2)
