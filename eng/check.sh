#!/usr/bin/env bash
# The one check, for people and for CI: restore, style, build, unit, integration, publish, end to end, history.
# Steps run in the order of their cost. The very last line is always "N passed, N failed, N skipped"; a step that is not
# a test project and fails counts as one failure. Logs of the steps lie in artifacts/check.
set -uo pipefail
cd -- "$(dirname -- "$0")/.." || exit 1

for argument in "$@"; do
    case "$argument" in
        --long) export METIS_LONG=1 ;;
        *) echo "usage: ./check [--long]" >&2; exit 2 ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
[ -n "${HOME:-}" ] || export HOME="${TMPDIR:-/tmp}"
logs=$PWD/artifacts/check
rm -rf "$logs"
mkdir -p "$logs"

passed=0 failed=0 skipped=0
finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

# step NAME COMMAND...: runs quietly, shows the log's end when it fails; its result is the command's.
step() {
    local name=$1 start=$SECONDS
    shift
    if "$@" >"$logs/$name.log" 2>&1 </dev/null; then
        printf '%-12s ok      %4d s\n' "$name" $((SECONDS - start))
    else
        printf '%-12s FAILED  %4d s\n' "$name" $((SECONDS - start))
        tail -n 60 "$logs/$name.log"
        return 1
    fi
}

# must NAME COMMAND...: a step without which the rest makes no sense.
must() {
    step "$@" || { failed=$((failed + 1)); finish; }
}

# should NAME COMMAND...: a step that counts, but lets the rest go on.
should() {
    step "$@" || { failed=$((failed + 1)); return 1; }
}

# tests NAME PROJECT [OPTION...]: runs one test project and adds up what it says.
tests() {
    local name=$1 project=$2 log="$logs/$1.log" result=ok
    shift 2
    local start=$SECONDS
    # a shell in the background has interrupts ignored, and its children with it; tests send some
    env --default-signal=INT "artifacts/bin/$project/release/$project" --no-ansi --progress off --results-directory "$logs" "$@" >"$log" 2>&1 </dev/null
    local status=$? p f s
    p=$(sed -n 's/^  succeeded: //p' "$log" | tail -n 1)
    f=$(sed -n 's/^  failed: //p' "$log" | tail -n 1)
    s=$(sed -n 's/^  skipped: //p' "$log" | tail -n 1)
    [ "$status" -eq 0 ] || result=FAILED
    printf '%-12s %-6s  %4d s  %s passed, %s failed, %s skipped\n' "$name" "$result" $((SECONDS - start)) "${p:-0}" "${f:-0}" "${s:-0}"
    if [ "$status" -ne 0 ]; then
        grep -v '^skipped ' "$log" | head -n 200
        [ "${f:-0}" -gt 0 ] || f=1
    fi

    # one line per reason, with the first test that gave it
    awk '/^skipped / { test = $2; sub(/\(.*/, "", test); if (getline reason > 0) { sub(/^ +/, "", reason); if (!(reason in first)) first[reason] = test; count[reason]++ } }
        END { for (reason in count) printf "  %d skipped: %s (%s)\n", count[reason], reason, first[reason] }' "$log"
    passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))
}

# Debian packages that the linker and some tests need. What cannot be installed is skipped by the test itself, with its reason.
install_packages() {
    local missing=()
    command -v curl >/dev/null || missing+=(curl)
    command -v zstd >/dev/null || missing+=(zstd)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    command -v clang >/dev/null || command -v gcc >/dev/null || missing+=(clang)
    [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
    command -v systemd-analyze >/dev/null || missing+=(systemd)
    [ -x /usr/sbin/logrotate ] || missing+=(logrotate)
    [ -x /usr/bin/promtool ] || missing+=(prometheus)
    [ -x /usr/sbin/cron ] || missing+=(cron)
    [ -d /usr/lib/python3/dist-packages/aiosmtpd ] || missing+=(python3-aiosmtpd)
    if [ -n "${METIS_LONG:-}" ]; then
        command -v systemd-nspawn >/dev/null || missing+=(systemd-container)
        [ -x /usr/sbin/debootstrap ] || missing+=(debootstrap)
    fi
    [ -x /usr/sbin/zfs ] || [ -x /sbin/zfs ] || missing+=(zfs-fuse)
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "missing: ${missing[*]}"
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        return 0
    fi

    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y --no-install-recommends "${missing[@]}" ||
        { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } ||
        echo "not installed: ${missing[*]}"
    return 0
}

# Every line of the pure room is run by the unit tests, and nine of ten of its branches. Generated code is not counted.
core_coverage() {
    awk '
        /<class / { match($0, /filename="[^"]*"/); file = substr($0, RSTART + 10, RLENGTH - 11); counts = file ~ /src\/MetisBackup.Core\// }
        counts && /<line / {
            match($0, /number="[^"]*"/); place = file ":" substr($0, RSTART + 8, RLENGTH - 9)
            lines[place] = 1
            if ($0 !~ /hits="0"/) covered[place] = 1
            if (match($0, /condition-coverage="[^"]*"/)) {
                split(substr($0, RSTART, RLENGTH), parts, /[(\/)]/)
                taken[place] = parts[2]; branches[place] = parts[3]
            }
        }
        END {
            for (place in lines) { all++; if (place in covered) hit++; else print place " is not covered" }
            for (place in branches) { total += branches[place]; went += taken[place] }
            if (all == 0) { print "no coverage was measured"; exit 1 }
            printf "coverage of MetisBackup.Core: %.1f %% of lines, %.1f %% of branches\n", 100 * hit / all, total ? 100 * went / total : 100
            exit !(hit == all && went >= 0.9 * total)
        }' "$1"
}

# What is not yet on the main branch has subjects that fit a terminal, and a changelog entry when it changes the product.
history() {
    local long base
    base=$(git merge-base HEAD origin/main 2>/dev/null) || return 0
    long=$(git log --format=%s "$base..HEAD" | awk 'length($0) > 72')
    [ -z "$long" ] || { echo "commit subjects longer than 72 columns:"; echo "$long"; return 1; }
    [ -n "$(git diff --name-only "$base" HEAD -- src)" ] || return 0
    [ -n "$(git diff --name-only "$base" HEAD -- CHANGELOG.md)" ] || { echo "src/ changed without an entry in CHANGELOG.md"; return 1; }
}

echo "Logs: $logs"
step packages install_packages
must restore dotnet restore MetisBackup.slnx --locked-mode
should history history
must style dotnet format whitespace MetisBackup.slnx --no-restore --verify-no-changes
must build dotnet build MetisBackup.slnx -c Release --no-restore
tests unit MetisBackup.UnitTests --coverage --coverage-output-format cobertura --coverage-output "$logs/coverage.xml"
if [ "$skipped" -eq 0 ]; then
    should coverage core_coverage "$logs/coverage.xml" && grep '^coverage' "$logs/coverage.log"
else
    core_coverage "$logs/coverage.xml" | sed -n 's/^coverage.*/&; not judged, because tests were skipped/p'
fi
tests integration MetisBackup.IntegrationTests
must publish eng/publish.sh
METIS_BACKUP_EXE="$PWD/artifacts/publish/metis-backup" tests end-to-end MetisBackup.EndToEndTests
finish
