# Start a desktop: start.sh PROFILE WIDTHxHEIGHT [PASSWORD], inside the sandbox, as its person.
# Input is the socket that the VNC server listens on, output is where the session leaves word, errors go to the log.
# Viewers need the password that is in the file PASSWORD; without one, the socket's rights let nobody else in.
profile=$1
geometry=$2
if [ -n "${3-}" ]; then
    set -- -SecurityTypes VncAuth -PasswordFile "$3"
else
    set -- -SecurityTypes None
fi
umask 077
ulimit -c 0
exec 3>&1 >&2 4<&0 </dev/null
. /opt/deskbay/look/environment.sh
. /opt/deskbay/language.sh

mkdir "$XDG_RUNTIME_DIR" && cd "$XDG_RUNTIME_DIR" && mkfifo display bus ready || exit
Xvnc "$DISPLAY" -inetd -rfbport -1 -geometry "$geometry" -depth 24 -dpi 96 -desktop Deskbay \
    -nolisten tcp -nolisten local -noreset -br -AlwaysShared -AcceptSetDesktopSize "$@" \
    -displayfd 5 <&4 4<&- 5>display 3>&- &
export DBUS_SESSION_BUS_ADDRESS="unix:path=$XDG_RUNTIME_DIR/bus.sock"
dbus-daemon --session --nofork --nopidfile --nosyslog --address="$DBUS_SESSION_BUS_ADDRESS" \
    --print-address=5 4<&- 5>bus 3>&- &
# Each writes a line when it can be used, or closes its pipe when it never will be.
exec 4<&- 6<display 7<bus
read -r _ <&6 && read -r _ <&7 || exit
exec 6<&- 7<&-

# The session writes a line to the last pipe once its windows are managed.
{ read -r _ <ready && echo ready >&3 && exec sh /opt/deskbay/agent.sh 3>&-; } &
cd
. "/opt/deskbay/$profile/session.sh" && echo left >&3
