# The floor: by_hand.sh PROFILES SOCKET FOLDER starts what the template "Desktop" starts, as one would by hand, without
# a sandbox. A line in the pipe FOLDER/ready says that the window manager is there.
profiles=$1 socket=$2 folder=$3
export HOME="$folder" XDG_RUNTIME_DIR="$folder" XAUTHORITY="$folder/authority"
export XDG_CONFIG_DIRS="$profiles/desktop/config:$profiles/look/config:/etc/xdg"
export XDG_DATA_DIRS="$profiles/look/share:/usr/local/share:/usr/share"
export GTK2_RC_FILES="$profiles/look/gtkrc-2.0" XCURSOR_THEME=Adwaita XCURSOR_SIZE=24
export GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix NO_AT_BRIDGE=1 GTK_A11Y=none
mkfifo "$folder/display" "$folder/bus"
Xvnc -rfbunixpath "$socket" -rfbunixmode 0600 -rfbport=-1 -geometry 1280x800 -depth 24 -dpi 96 -nolisten tcp -noreset \
    -br -AlwaysShared -AcceptSetDesktopSize -SecurityTypes None -displayfd 5 5>"$folder/display" 2>"$folder/log" &
export DBUS_SESSION_BUS_ADDRESS="unix:path=$folder/bus.sock"
dbus-daemon --session --nofork --nopidfile --nosyslog --address="$DBUS_SESSION_BUS_ADDRESS" \
    --print-address=5 5>"$folder/bus" 2>>"$folder/log" &
read -r number <"$folder/display"
read -r _ <"$folder/bus"
export DISPLAY=":$number" PROFILES="$profiles" READY="$folder/ready"
exec openbox --startup "sh $(dirname "$0")/by_hand_startup.sh" >>"$folder/log" 2>&1
