# Start a desktop: start.sh PROFILE WIDTHxHEIGHT, inside the sandbox, as its person.
# Input is the socket that the VNC server listens on, output is where the session leaves word, errors go to the log.
profile=$1
geometry=$2
umask 077
ulimit -c 0
exec 3>&1 >&2 4<&0 </dev/null

mkdir "$XDG_RUNTIME_DIR" && mkfifo "$XDG_RUNTIME_DIR/started" || exit
export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus"
Xvnc "$DISPLAY" -inetd -rfbport -1 -geometry "$geometry" -depth 24 -dpi 96 -desktop Deskbay \
    -nolisten tcp -nolisten local -noreset -br -AlwaysShared -AcceptSetDesktopSize -SecurityTypes None \
    -displayfd 5 <&4 4<&- 5>"$XDG_RUNTIME_DIR/started" 3>&- &
exec 4<&-
dbus-daemon --session --nofork --nopidfile --nosyslog --address="$DBUS_SESSION_BUS_ADDRESS" \
    --print-address=5 5>"$XDG_RUNTIME_DIR/started" 3>&- &
{ read -r _ && read -r _; } <"$XDG_RUNTIME_DIR/started" || exit

# Once its windows can be managed, the session writes a line to the same pipe.
{ read -r _ <"$XDG_RUNTIME_DIR/started" && echo ready >&3; } &
. "/opt/deskbay/$profile/session.sh" && echo left >&3
