#!/usr/bin/env bash
# The ministry's story; README.md beside this file tells it.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
export COUNTERFOIL_DIR=ministry
refused() { # the command must be refused: status 1, not an error and not a success
    status=0
    "$@" || status=$?
    test "$status" = 1
}

counterfoil init --party XAA --registry XAA01 --name "Registry of XAA" --ndc-period 2021-2030
counterfoil do "$here/1-register.ndjson"

refused counterfoil do "$here/2-letter-without-definition.json"
counterfoil do "$here/3-letter.json"

counterfoil do "$here/4-issue.ndjson"
counterfoil show unit CA9301-XAA01-XAA-1-2024
counterfoil show balance XAA

counterfoil do "$here/5-raise.json"
counterfoil do "$here/6-revoke.json"
refused counterfoil do "$here/7-issue-more.json"
counterfoil show authorization XAA-LoA-1
counterfoil show balance XAA

year=$(($(date -u +%Y) - 1))
counterfoil report aef --party XAA --year "$year" --out reports
counterfoil aef check reports/*.xlsx
echo '{"party": "XAA", "note": "The initial report as it was written"}' > initial.json
counterfoil submission file initial.json --kind initial --party XAA --approach CA9301 \
  --despite "It was written before this registry was founded"
counterfoil submission file reports --kind aef --party XAA --year "$year" --out packages
counterfoil submission check packages/*-aef-*.zip --key ministry/keys/registry.pub
counterfoil verify
