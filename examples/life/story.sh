#!/usr/bin/env bash
# A whole life with seven persons; README.md beside this file tells it.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
export COUNTERFOIL_DIR=life
counterfoil init --party XAA --registry XAA01 --name "Registry of XAA" --ndc-period 2021-2030 --demonstration
counterfoil do "$here/1-found.ndjson"
invitation=$(counterfoil admin invite registrar@example.org --name Registrar)

counterfoil serve --port 0 --for 600 --json > served.ndjson &
server=$!
trap 'kill "$server" 2> /dev/null || true' EXIT
for _ in $(seq 300); do
  grep -q http:// served.ndjson && break
  sleep 0.1
done
address=$(grep -o 'http://[0-9.:]*' served.ndjson | head -n 1)

python3 "$here/life.py" "$address" "$invitation"

python3 "$here/authority_key.py" keys
counterfoil letter authorization XAA-LoA-1 --out letters --sign keys/authority.p12 --password-file keys/password
counterfoil letter check letters/*.en.pdf --trust keys/authority.pem
counterfoil activity show XAA-DAM-1
counterfoil trail --anchor
counterfoil trail --verify
kill "$server"
wait "$server" || true
counterfoil verify
