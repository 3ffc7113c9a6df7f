#!/usr/bin/env bash
# The developer's story; README.md beside this file tells it.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
export COUNTERFOIL_DIR=national
refused() { # the command must be refused: status 1, not an error and not a success
    status=0
    "$@" || status=$?
    test "$status" = 1
}

counterfoil init --party XAA --registry XAA01 --name "Registry of XAA" --ndc-period 2021-2030
counterfoil do "$here/1-register.ndjson"

counterfoil do "$here/2-monitoring.json"
refused counterfoil do "$here/3-overlapping.json"
refused counterfoil do "$here/4-verified-too-much.json"
counterfoil do "$here/5-verified.json"

counterfoil do "$here/6-issue.ndjson"
refused counterfoil do "$here/7-one-more.json"
counterfoil do "$here/6-issue.ndjson"
counterfoil show activity XAA-0007

counterfoil do "$here/8-sell-and-retire.ndjson"
refused counterfoil do "$here/9-again.json"
counterfoil show account xaa:dairy
counterfoil trace XAA01-HOME-120-2024
counterfoil verify
