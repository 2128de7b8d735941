#!/bin/bash
# Inside a virtual machine with OpenZFS and the empty data set dbpool/arangodb: seconds of dr list, dr prune and of the bare zfs commands.
# usage: dr-openzfs.sh METIS-BACKUP COUNT ROUNDS; the file `names` holds the snapshots' names. Prints "what seconds" lines.
set -eu
metis=$1 count=$2 rounds=$3
dataset=dbpool/arangodb
place="--dataset $dataset --state /tmp/state --log /tmp/dr.log"
now() { date +%s%N; }
timed() { local name=$1 start end; shift; start=$(now); "$@" >/tmp/out; end=$(now); echo "$name $(((end - start) / 1000000))" | sed 's/ \([0-9]*\)\([0-9][0-9][0-9]\)$/ \1.\2/; s/ \([0-9]\{1,3\}\)$/ 0.00\1/'; }

# a snapshot waits for its transaction group: two at a time share one
seed() { awk -v me="$1" 'NR % 2 == me' names | while read -r name; do zfs snapshot -o metis-backup:id="$name" "$dataset@$name"; done; }
seed 0 & seed 1
wait
[ "$(zfs list -H -o name -t snapshot -d 1 $dataset | wc -l)" = "$count" ]

for _ in $(seq "$rounds"); do
    timed floor zfs list -Hp -o name,guid,createtxg -t snapshot -d 1 $dataset
    # shellcheck disable=SC2086 # options, one word each
    timed list "$metis" dr list --quiet $place
done

# half goes by prune, of the rest up to 500 by hand
# shellcheck disable=SC2086
timed prune "$metis" dr prune --quiet --keep-last $((count / 2)) $place
rest=$(zfs list -H -o name -t snapshot -d 1 $dataset | head -n 500 | sed 's/.*@//')
echo "destroyed $(wc -l <<<"$rest")"
timed destroy zfs destroy "$dataset@$(paste -sd, <<<"$rest")"
