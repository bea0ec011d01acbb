#!/bin/bash
# Two laptops import one list apart. After the sync a person has one id on both: ids are told by telephone.
. "$(dirname "$0")/../lib.sh"
found_at_a_hub
newcomer bruno Bruno || wrong "$(cat "$work/joined")"
quietly ana import "$case_dir/roll.csv" --turf North --key Id
quietly bruno import "$case_dir/roll.csv" --turf North --key Id
sync_all ana bruno
same_digest ana bruno || wrong "they are not in one state"
[ "$(first_contact ana)" = "$(first_contact bruno)" ] || wrong "ana says $(first_contact ana), bruno $(first_contact bruno)"
right "$(first_contact ana)"
