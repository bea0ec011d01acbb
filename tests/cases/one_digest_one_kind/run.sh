#!/bin/bash
# Two laptops record one key as a person and as an organisation. With one digest they say one kind.
. "$(dirname "$0")/../lib.sh"
found_at_a_hub
newcomer bruno Bruno || wrong "$(cat "$work/joined")"
quietly ana contact add --turf North --source roll --key 1 --kind person --set name=Sol
quietly bruno contact add --turf North --source roll --key 1 --kind organisation --set name=Sol
sync_all ana bruno
same_digest ana bruno || wrong "they are not in one state"
for what in kind created id; do
    ana=$(on ana --json contact show key:1 | key $what); bruno=$(on bruno --json contact show key:1 | key $what)
    [ "$ana" = "$bruno" ] || wrong "$what: ana says $ana, bruno $bruno"
done
right "both say $(on ana --json contact show key:1 | key kind)"
