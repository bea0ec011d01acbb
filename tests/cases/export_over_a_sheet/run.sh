#!/bin/bash
# Ana exports under the name of the sheet that she keeps herself. It must not be gone.
. "$(dirname "$0")/../lib.sh"
alone ana
cp "$case_dir/neighbours.csv" "$work/neighbours.csv"
quietly ana contact add --turf North --set name=Olga
on ana export --format csv "$work/neighbours.csv" >"$work/said" 2>&1 && wrong "it was written: $(cat "$work/said")"
cmp -s "$case_dir/neighbours.csv" "$work/neighbours.csv" || wrong "refused, and the sheet is another one"
grep -q -- --replace "$work/said" || wrong "nobody says how to do it after all: $(cat "$work/said")"
on ana export --format csv --replace "$work/neighbours.csv" >"$work/said" 2>&1 || wrong "$(cat "$work/said")"
grep -q Olga "$work/neighbours.csv" || wrong "--replace wrote something else"
right "refused until --replace was said"
