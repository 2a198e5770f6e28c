#!/bin/sh
# Tells Deskbay who sits at this computer. Needs curl, and a user who is root or may read the token's file.
#
#   lab-client.sh enrol CODE          once, with a code from an administrator
#   lab-client.sh on                  tells that the computer is on until it is ended: for a service at start-up
#   lab-client.sh run [USER]          signs USER in (default: whoever runs this) and pings until it is ended
#   lab-client.sh event NAME [USER]   one ping with an event, for the sign-in that runs
#
# DESKBAY_URL names the server. DESKBAY_STATE is the folder of the token (default /var/lib/deskbay-lab),
# DESKBAY_SECONDS the time between two pings (default 60).
set -eu

url=${DESKBAY_URL:?Set DESKBAY_URL, for example https://desk.example.org}
state=${DESKBAY_STATE:-/var/lib/deskbay-lab}
seconds=${DESKBAY_SECONDS:-60}
promise=$((seconds + 5)) # the way takes time, and nobody is to be gone between two pings

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# JSON text: only what can be in a name is let through.
plain() { printf %s "$1" | tr -cd 'A-Za-z0-9 ._@-'; }

# post PATH BODY: the token goes in by standard input, so that no other user sees it among the processes.
post() {
    printf 'header = "Authorization: Bearer %s"\n' "$(cat "$state/token")" |
        curl --config - --silent --show-error --fail-with-body --max-time 20 \
            --header 'Content-Type: application/json' --data "$2" "$url/api/v1/$1"
}

enrol() {
    mkdir -p "$state"
    umask 077
    answer=$(curl --silent --show-error --fail-with-body --max-time 20 --header 'Content-Type: application/json' \
        --data "{\"code\":\"$(plain "$1" | tr -d ' ')\",\"name\":\"$(plain "$(uname -n)")\"}" \
        "$url/api/v1/devices/enrol") || { printf '%s\n' "$answer" >&2; exit 1; }
    printf %s "$answer" | sed -n 's/.*"token":"\(dd_[A-Za-z0-9_-]*\)".*/\1/p' >"$state/token"
    test -s "$state/token" || { echo "The server sent no token." >&2; exit 1; }
}

ping() {
    post pings "{\"sent_at\":\"$(now)\",\"pings\":[{\"sign_in\":\"$1\",\"at\":\"$2\",\"next_ping_seconds\":$promise,\"event\":\"$3\"}]}"
}

on() {
    while :; do
        post heartbeat "{\"next_ping_seconds\":$promise}" || :
        sleep "$seconds"
    done
}

run() {
    id=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr 'A-Z' 'a-z')
    until post sign-ins "{\"id\":\"$id\",\"username\":\"$(plain "$1" | tr -d ' ')\",\"next_ping_seconds\":$promise}"; do
        sleep "$seconds"
    done
    printf %s "$id" >"$state/sign-in"
    late=
    while sleep "$seconds"; do
        # What could not be sent is sent later with the time at which it happened.
        late="$late $(now)"
        for at in $late; do
            ping "$id" "$at" "" >/dev/null || break
            late=${late#" $at"}
        done
    done
}

case ${1:-} in
enrol) enrol "${2:?Give the code}" ;;
on) on ;;
run) run "${2:-$(id -un)}" ;;
event) ping "$(cat "$state/sign-in")" "$(now)" "$(plain "${2:?Give the name of the event}")" ;;
*) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
