#!/bin/bash
# Two write one field in the same moment. The value that lists and sheets show is the same on both laptops.
. "$(dirname "$0")/../lib.sh"
command -v faketime >/dev/null || right "not tried: faketime is not here"
found_at_a_hub
newcomer bruno Bruno || wrong "$(cat "$work/joined")"
for person in 1 2 3 4 5; do
    for who in ana bruno; do
        faketime -f '@2026-11-30 10:00:00' "$VEREDA" --vault "$work/$who" --key-file "$work/$who.key" contact add \
            --turf North --source roll --key $person --set name="P$person" --set phone="$who" >/dev/null 2>&1
    done
done
sync_all ana bruno
same_digest ana bruno || wrong "they are not in one state"
on ana --json conflicts list | grep -q phone || wrong "there is no conflict to look at"
shown() {
    on "$1" export --format csv 2>/dev/null | python3 -c '
import csv, sys
print(" ".join(row["key"] + "=" + row["phone"] for row in sorted(csv.DictReader(sys.stdin), key=lambda row: row["key"])))'
}
[ "$(shown ana)" = "$(shown bruno)" ] || wrong "ana's sheet has $(shown ana), bruno's $(shown bruno)"
right "$(shown ana)"
