#!/bin/bash
# The story of the DR tier on OpenZFS, inside a virtual machine that has the pool dbpool with the data set dbpool/arangodb.
# usage: openzfs-story.sh METIS-BACKUP [STRIDE]; every STRIDE-th command that changes something is followed by a kill. Ends with 0 and the line STORY-OK when everything was as it must be.
set -u
metis=$1
stride=${2:-6}
work=/tmp/story; mkdir -p $work
data=/dbpool/arangodb
port=18529
endpoint=http://127.0.0.1:$port
place="--dataset dbpool/arangodb --state $work/state --log $work/dr.log"

fail() { echo "FAILED: $*" >&2; zfs list -t all -o name,used,origin,mounted,mountpoint >&2; tail -5 $work/dr.log >&2; cat $work/state/dr/*.rollback.json >&2 2>/dev/null; exit 1; }
expect() { local code=$1 result; shift; "$@" >$work/out 2>&1; result=$?; [ $result -eq "$code" ] || { cat $work/out >&2; fail "$* ended with $result instead of $code"; }; }

# METHOD PATH BODY: one request, the whole answer on standard output
http() {
  exec 7<>/dev/tcp/127.0.0.1/$port || return 1
  printf '%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' "$1" "$2" ${#3} "$3" >&7
  timeout 30 cat <&7; exec 7>&-
}
await() { local i; for i in $(seq 300); do http GET /_api/version '' 2>/dev/null | grep -q '"version"' && return; sleep 0.1; done; fail "the server does not answer"; }
write() { local i; for i in $(seq "$1"); do http POST /_db/shop/_api/document/goods '{"a":1}' | grep -q ' 20[12] ' || fail "a write was not acknowledged"; done; }
count() { http GET /_db/shop/_api/collection/goods/count '' | sed -n 's/.*"count":\([0-9]*\).*/\1/p'; }
counts() { [ "$(count)" = "$1" ] || fail "$(count) documents instead of $1"; }
newest() { $metis dr list $place --quiet | head -n 1; }

cat >$work/service <<S
#!/bin/bash
runs() { [ -s $work/pid ] && kill -0 \$(cat $work/pid) 2>/dev/null && ! grep -q ' Z ' /proc/\$(cat $work/pid)/stat; }
case \$1 in
start) runs || { setsid $metis devserver --data $data --listen $endpoint >$work/server.log 2>&1 </dev/null & echo \$! >$work/pid; } ;;
stop) runs || exit 0; kill -TERM \$(cat $work/pid); for i in \$(seq 300); do runs || exit 0; sleep 0.1; done; exit 1 ;;
status) runs || exit 3 ;;
esac
S
chmod +x $work/service
service="--service test --endpoint $endpoint --server-timeout 120 --start-command [\"$work/service\",\"start\"] --stop-command [\"$work/service\",\"stop\"] --status-command [\"$work/service\",\"status\"]"

zfs set mountpoint=$data dbpool/arangodb; zfs set recordsize=16K dbpool/arangodb; zfs set com.acme:owner='grüße' dbpool/arangodb
zfs create dbpool/arangodb/wal; echo before >$data/wal/log
$work/service start; await
http POST /_api/database '{"name":"shop"}' >/dev/null; http POST /_db/shop/_api/collection '{"name":"goods"}' >/dev/null
write 3

echo "create, list"
expect 0 $metis dr create $place --endpoint $endpoint --data-path $data; first=$(newest)
[ "$(zfs list -H -o name -t snapshot | grep -c "@${first#*@}")" = 2 ] || fail "the snapshot is not recursive"
echo after >$data/wal/log; write 4
expect 0 $metis dr create $place --endpoint $endpoint --label golden_image; golden=$(newest)
expect 1 zfs destroy $golden
expect 0 $metis dr list $place --json; grep -q '"metis-backup"' $work/out || fail "the tag of the hold is not listed"
write 1

echo "coverage, refusals"
expect 14 $metis dr create $place --endpoint $endpoint --data-path /var/lib/elsewhere
expect 10 $metis dr create --dataset dbpool/nosuch --state $work/state --log $work/log
expect 10 $metis dr create --dataset nopool/x --state $work/state --log $work/log
expect 15 $metis dr rollback "$first" $place $service
expect 15 $metis dr rollback "$first" $place $service --in-place --yes

echo "kill -9, rollback, undo"
kill -9 $(cat $work/pid)
expect 0 $metis dr rollback "$first" $place $service --yes; await; counts 3
[ "$(cat $data/wal/log)" = before ] || fail "the data set below did not go back"
[ "$(zfs get -H -o value recordsize,com.acme:owner,mountpoint dbpool/arangodb | tr '\n' ' ')" = "16K grüße $data " ] || fail "properties were not carried over"
[ "$(newest)" = "$first" ] || fail "the older snapshot is not the live one's"
zfs mount -a || fail "the kept state would be mounted over the live one"
expect 0 $metis dr undo $place $service --yes --keep-days 0; await; counts 8
[ "$(cat $data/wal/log)" = after ] || fail "the data set below did not come back"
expect 10 $metis dr undo $place $service --yes

echo "killed after each command"
for n in $(seq 1 $stride 60); do
  mkdir -p $work/k$n; printf '#!/bin/sh\nexec /sbin/zpool "$@"\n' >$work/k$n/zpool
  cat >$work/k$n/zfs <<K
#!/bin/bash
case \$1 in list|get|holds|allow) exec zfs "\$@" ;; destroy) [ "\$2" != -n ] || exec zfs "\$@" ;; esac
[ \$# -gt 1 ] || exec zfs "\$@"
echo \$1 >>$work/k$n/done; zfs "\$@"; r=\$?
[ \$(wc -l <$work/k$n/done) -ne $n ] || kill -9 \$PPID
exit \$r
K
  chmod +x $work/k$n/*
  $metis dr rollback "$first" $place $service --yes --keep-days 0 --zfs $work/k$n/zfs >$work/out 2>&1 & wait $! 2>/dev/null; result=$?
  [ $result -eq 0 ] && { expect 0 $metis dr undo $place $service --yes --keep-days 0; await; break; }
  [ $result -eq 137 ] || { cat $work/out >&2; fail "command $n ended with $result"; }
  if ls $work/state/dr/*.rollback.json >/dev/null 2>&1; then
    if [ $((n % 12)) -eq 1 ]; then expect 0 $metis dr undo $place $service --yes; await; counts 8
    else expect 0 $metis dr rollback --resume $place $service; await; counts 3; expect 0 $metis dr undo $place $service --yes --keep-days 0; fi
  fi
  await; counts 8
done
expect 0 $metis dr prune $place
[ -z "$(zfs list -H -o name | grep _metis_)" ] || fail "something was left behind"

echo "drill"
expect 0 $metis dr drill "$first" $place --server-timeout 120 --drill-command "[\"$metis\",\"devserver\",\"--data\",\"{data}\",\"--listen\",\"{endpoint}\"]"
grep -q 'comes back' $work/out || fail "no verdict"
expect 13 $metis dr drill "$first" $place --server-timeout 30 --drill-command '["/bin/false"]'
[ -z "$(zfs list -H -o name | grep _metis_)" ] || fail "the drill left something behind"

echo "prune"
for h in $(seq 10 29); do zfs snapshot dbpool/arangodb@dr_nightly_202001${h:0:1}1_0${h:1:1}0000; done
zfs hold lawyer dbpool/arangodb@dr_nightly_20200111_010000
expect 3 $metis dr prune $place --keep-last 2; grep -q lawyer $work/out || fail "the holder is not named"
zfs release lawyer dbpool/arangodb@dr_nightly_20200111_010000
expect 0 $metis dr prune $place --keep-last 2
zfs list -H -o name -t snapshot | grep -q "$golden" || fail "the golden image was pruned"

echo "a pool that is full"
busy=$(zpool list -H -o cap dbpool)
zfs create -o compression=off dbpool/ballast; dd if=/dev/urandom of=/dbpool/ballast/x bs=1M count=4000 2>/dev/null; sync
[ "$(zpool list -H -o cap dbpool | tr -d %)" -gt 90 ] || fail "the pool is not full (was $busy)"
expect 15 $metis dr rollback "$first" $place $service --yes; grep -q 'full' $work/out || fail "the fill is not named"
rm /dbpool/ballast/x; sync; zfs destroy dbpool/ballast; sleep 2

echo "without rights"
setpriv --reuid=65534 --regid=65534 --clear-groups $metis dr create --dataset dbpool/arangodb --state /tmp/nobody --log /tmp/nobody.log --endpoint $endpoint >$work/out 2>&1; result=$?
[ $result -eq 12 ] && grep -q 'zfs allow -u' $work/out || { cat $work/out >&2; fail "without rights it ended with $result"; }
zfs allow -u nobody snapshot,destroy,mount,hold,release,userprop,create,clone dbpool/arangodb
setpriv --reuid=65534 --regid=65534 --clear-groups $metis dr create --dataset dbpool/arangodb --state /tmp/nobody --log /tmp/nobody.log --endpoint $endpoint >$work/out 2>&1 || { cat $work/out >&2; fail "with rights it ended with $?"; }
expect 0 $metis dr rollback "$first" $place $service --yes; await
zfs allow dbpool/arangodb | grep -q 'user nobody' || fail "rights were not carried over"

echo "in place"
write 2; expect 0 $metis dr create $place --endpoint $endpoint; now=$(count); write 2
expect 0 $metis dr rollback latest $place $service --in-place --yes; await; counts "$now"
$work/service stop
echo STORY-OK
