#!/usr/bin/env bash
# The buyer's story; README.md beside this file tells it.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
refused() { # the command must be refused: status 1, not an error and not a success
    status=0
    "$@" || status=$?
    test "$status" = 1
}

test -d demo || counterfoil demo --out demo
export COUNTERFOIL_DIR=demo/CHE

counterfoil list transfer
counterfoil show balance CHE
counterfoil trace CA9001-THA01-THA-1-2023

refused counterfoil do "$here/use-again.json"
refused counterfoil do "$here/move.json"

counterfoil show balance THA --dir demo/THA
python3 -c "import json; print(json.load(open('demo/summary.json'))['world_adjustment_t'])"
