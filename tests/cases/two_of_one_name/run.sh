#!/bin/bash
# A second Bruno joins, and both write into one field. Who wrote which value can be seen.
. "$(dirname "$0")/../lib.sh"
found_at_a_hub
newcomer bruno Bruno || wrong "the first Bruno did not get in: $(cat "$work/joined")"
grep -qi 'already' "$work/joined" && wrong "the first Bruno is said to be the second"
newcomer other BRUNO || wrong "the second Bruno did not get in: $(cat "$work/joined")"
grep -qi 'already' "$work/joined" || wrong "nobody told the second Bruno: $(cat "$work/joined")"
quietly ana contact add --turf North --set name="Rosa Paz"
sync_all ana bruno other
rosa=$(first_contact bruno)
quietly bruno contact set "$rosa" --set phone=301
quietly other contact set "$rosa" --set phone=302
sync_all bruno other ana
on ana conflicts list >"$work/conflicts"
marks=$(grep -oi 'bruno #[0-9a-z]*' "$work/conflicts" | tr A-Z a-z | sort -u | wc -l)
[ "$marks" = 2 ] || wrong "not told apart: $(cat "$work/conflicts")"
ids=$(on ana --json conflicts list | python3 -c 'import json, sys; print(len({v["member_id"] for v in json.load(sys.stdin)[0]["values"]}))')
[ "$ids" = 2 ] || wrong "JSON does not tell them apart"
right "$(grep -oi 'bruno #[0-9a-z]*' "$work/conflicts" | paste -sd' ')"
