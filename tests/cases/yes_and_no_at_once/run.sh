#!/bin/bash
# One command says yes and no for one channel. One of the two is a mistake, and nobody knows which.
. "$(dirname "$0")/../lib.sh"
alone ana
quietly ana contact add --turf North --set name="Rosa Paz"
on ana contact set "$(first_contact ana)" --consent sms=withdrawn --consent SMS=given >"$work/said" 2>&1
code=$?
[ $code -eq 2 ] || wrong "exit code $code: $(cat "$work/said")"
[ "$(on ana --json contact show "$(first_contact ana)" | key consents)" = '{}' ] || wrong "refused, and written"
right "refused"
