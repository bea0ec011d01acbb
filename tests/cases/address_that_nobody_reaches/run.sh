#!/bin/bash
# A hub that listens everywhere cannot offer 0.0.0.0 as its address: that would go into every invite.
. "$(dirname "$0")/../lib.sh"
"$VEREDA_HUB" serve --data "$work/hub" --listen 0.0.0.0:0 >"$work/hub.said" 2>"$work/hub.log" &
hub_process=$!
for _ in $(seq 50); do
    [ -s "$work/hub.said" ] && break
    kill -0 "$hub_process" 2>/dev/null || break
    sleep 0.1
done
grep -q '0\.0\.0\.0' "$work/hub.said" && wrong "it offers $(cat "$work/hub.said")"
grep -qi 'public-url' "$work/hub.log" || wrong "nobody says what to do: $(cat "$work/hub.log")"
right "refused"
