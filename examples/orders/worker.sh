#!/bin/sh
# A compute worker: takes CSV files of order lines from an inbox, one at a time, and writes each one's revenue by region
# to an outbox. Several workers share an inbox; a file belongs to the one that moved it first.
#
#   worker.sh INBOX OUTBOX
set -eu

inbox=$1
outbox=$2
claimed=$outbox/.claimed-$$

# Ends between two files, so that none is left half done. Waiting for a background sleep lets the signal in at once.
stopping=
trap 'stopping=yes' TERM INT
trap 'rmdir "$claimed" 2>/dev/null || true' EXIT
mkdir -p "$inbox" "$outbox" "$claimed"

# What a killed worker had claimed goes back to the inbox.
for stale in "$outbox"/.claimed-*; do
  kill -0 "${stale##*-}" 2>/dev/null && continue
  for file in "$stale"/*.csv; do
    [ ! -e "$file" ] || mv "$file" "$inbox"/ 2>/dev/null || true
  done
  rm -rf "$stale"
done

summarise() {
  awk -F, '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["state"] == "delivered" { cents[$at["region"]] += $at["quantity"] * $at["price_cents"] }
    END { for (region in cents) printf "%s,%.2f\n", region, cents[region] / 100 }
  ' "$1" | sort
}

echo "worker $$ watches $inbox"
while [ -z "$stopping" ]; do
  for file in "$inbox"/*.csv; do
    name=${file##*/}
    # Only one worker wins the move; for the others, and for an empty inbox, the file is not there.
    mv "$file" "$claimed/$name" 2>/dev/null || continue
    { echo "region,revenue"; summarise "$claimed/$name"; } >"$claimed/$name.part"
    mv "$claimed/$name.part" "$outbox/$name"
    rm "$claimed/$name"
    echo "worker $$ summarised $name"
    [ -z "$stopping" ] || break
  done
  [ -n "$stopping" ] || { sleep 1 & wait $! || true; }
done
echo "worker $$ stops"
