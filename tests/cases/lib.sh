# What the cases share; sourced by each run.sh. VEREDA and VEREDA_HUB name the programs.
set -u
: "${VEREDA:?names the program vereda}" "${VEREDA_HUB:?names the program vereda-hub}"
case_dir=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
work=$(mktemp -d)
hub_process=
clean_up() {
    if [ -n "$hub_process" ]; then kill "$hub_process"; wait "$hub_process"; fi 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
for name in VAULT PASSPHRASE_FILE KEY_FILE PHONE_REGION; do unset "VEREDA_$name"; done
export HOME=$work TZ=UTC LC_ALL=C.UTF-8

# The verdict, and the end of the case.
right() { echo "right: $*"; exit 0; }
wrong() { echo "WRONG: $*"; exit 1; }

# on WHO WORD…: a command on that person's laptop. quietly: the same, whatever it says.
on() { local who=$1; shift; "$VEREDA" --vault "$work/$who" --key-file "$work/$who.key" "$@"; }
quietly() { on "$@" >/dev/null 2>&1; }
# key NAME: a member of the JSON object on standard input. first_contact WHO: the id of the first one listed.
key() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
first_contact() { on "$1" --json contact list | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])'; }

# A workspace on one laptop, with the turf North.
alone() { quietly "$1" init --workspace Case --member "$1" --device laptop && quietly "$1" turf add North; }
# Ana founds one at a hub of its own, with the turf North.
found_at_a_hub() {
    "$VEREDA_HUB" serve --data "$work/hub" --listen 127.0.0.1:0 >"$work/hub.said" 2>"$work/hub.log" &
    hub_process=$!
    for _ in $(seq 100); do [ -s "$work/hub.said" ] && break; sleep 0.1; done
    quietly ana init --workspace Case --member Ana --device office --hub "$(key url <"$work/hub.said")" \
        --pin "$(key pin <"$work/hub.said")" --token "$("$VEREDA_HUB" token --data "$work/hub" | key token)" &&
        quietly ana turf add North || wrong "no workspace to try it in"
}
# newcomer WHO NAME: joins North under that name; what it said stays in $work/joined.
newcomer() {
    on "$1" join "$(on ana --json invite --role organiser --turf North | key code)" --member "$2" --device "$1" >"$work/joined" 2>&1
}
# Each of these syncs, so many times as it takes until all have everything.
sync_all() { for _ in 1 2 3; do for who in "$@"; do quietly "$who" sync; done; done; }
same_digest() { [ "$(on "$1" --json status | key digest)" = "$(on "$2" --json status | key digest)" ]; }
