#!/bin/bash
# Bruno retracts Ana's visit. Her next sync tells her, she finds it, and brings it back.
. "$(dirname "$0")/../lib.sh"
found_at_a_hub
newcomer bruno Bruno || wrong "$(cat "$work/joined")"
quietly ana contact add --turf North --set name="Rosa Paz"
rosa=$(first_contact ana)
visit=$(on ana --json interaction add "$rosa" --kind door --outcome spoke --note "wants a lift" | key id)
sync_all ana bruno
quietly bruno interaction retract "$visit"
quietly bruno sync
on ana sync >"$work/sync" 2>&1
grep -q "$visit" "$work/sync" || wrong "the sync does not tell: $(cat "$work/sync")"
on ana contact show "$rosa" | grep -q '1 hidden' || wrong "contact show does not count it"
on ana contact show "$rosa" --retracted | grep -q "$visit" || wrong "contact show --retracted does not list it"
on ana history "$rosa" | grep -q "$visit" || wrong "history does not show its id"
quietly ana interaction restore "$visit" || wrong "it cannot be restored"
[ "$(on ana --json contact show "$rosa" | key hidden_interactions)" = 0 ] || wrong "restored, and still hidden"
right "told, found and brought back"
