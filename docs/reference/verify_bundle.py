"""Check a counterfoil proof offline: python3 verify_bundle.py BUNDLE.json KEY. Python 3.8 or newer, and nothing else.
KEY is the registry's public key, as name+hash+base64 or its base64 alone; get it by another way than the bundle.
Exit status: 0 proven, 1 not proven, 2 unreadable. What the format means: docs/explanation/proofs.md."""
import base64
import hashlib
import json
import sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, section 5.1
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)

def require(fits, why):
    if not fits:
        raise ValueError(why)

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

def proven(data, key):
    """The lines that a bundle proves; ValueError says why it proves nothing."""
    bundle = json.loads(data)
    spelled = json.dumps(bundle, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    require(spelled == data and bundle["format"] == "counterfoil-proof/1", "not the form of a bundle")
    (body, _, lines), name, about = bundle["checkpoint"].rpartition("\n\n"), bundle["origin"], bundle["subject"]
    origin, size, root, *more = body.split("\n")
    raw = plain(key) if key[-1:] == "=" else plain(key.split("+", 2)[2])[1:]
    hint = hashlib.sha256(name.encode() + b"\n\1" + raw).digest()[:4]
    known = f"{name}+{hint.hex()}+{base64.b64encode(bytes([1]) + raw).decode()}"
    require([origin, *bundle["keys"], known if key[-1:] == "=" else key] == [name, known, known], "another key or log")
    own = [plain(line[len(name) + 3:]) for line in lines.split("\n") if line.startswith(f"\u2014 {name} ")]
    own = [each[4:] for each in own if each[:4] == hint]
    require(own and all(signed(raw, f"{body}\n".encode(), each) for each in own), "not signed by the key")
    leaves = {each["seq"]: json.loads(each["leaf"]) for each in bundle["entries"]}
    for each in bundle["entries"]:
        seq, path = each["seq"], [bytes.fromhex(node) for node in each["path"] if node == node.lower()]
        found = root_of(hashlib.sha256(b"\0" + each["leaf"].encode()).digest(), seq, int(size), path)
        require(found == plain(root) and 0 <= seq == leaves[seq]["seq"] < int(size), f"entry {seq} is not in the log")
    acts = thread(about["unit"], leaves) if "unit" in about else [leaves[about["entry"]]]
    told = f"The log {origin} had {size} entries ({', '.join(more)}). Proven of {about}, up to its last act:"
    return [told, *(f"{leaf['on']}  {leaf['act']}  entry {leaf['seq']}, recorded {leaf['at']}" for leaf in acts)]

if __name__ == "__main__":
    try:
        with open(sys.argv[1], "rb") as file:
            sys.stdout.write("\n".join(proven(file.read(), sys.argv[2])) + "\n")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError) as why:
        sys.stderr.write(f"Not proven: {why!r}\n")
        sys.exit(1 if type(why) is ValueError else 2)
