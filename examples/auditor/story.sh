#!/usr/bin/env bash
# The auditor's story; README.md beside this file tells it.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
python="${PYTHON:-python3}"
refused() { # the command must be refused: status 1, not an error and not a success
    status=0
    "$@" || status=$?
    test "$status" = 1
}
check() { "$python" "$here/check_export.py" "$@"; }

test -d demo || counterfoil demo --out demo
counterfoil show checkpoint --dir demo/THA --json |
    "$python" -c "import json, sys; sys.stdout.write(json.load(sys.stdin)['checkpoint'])" > kept.txt

counterfoil verify demo/THA
counterfoil export --dir demo/THA --out export
check export --kept kept.txt

cp -r export edited
sed -i '0,/"quantity":1009/s//"quantity":1010/' edited/journal.ndjson
refused check edited

cp -r demo/THA changed
"$python" -c "import sqlite3; db = sqlite3.connect('changed/ledger.db'); db.execute('UPDATE block SET last = last - 1'); db.commit()"
refused counterfoil verify changed

cp -r export cut
"$python" "$here/cut_tail.py" cut
check cut
refused check cut --kept kept.txt
