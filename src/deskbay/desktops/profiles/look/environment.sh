# What every session has for environment, so that all programs look and behave alike.
export XDG_CONFIG_DIRS="/opt/deskbay/$profile/config:/opt/deskbay/look/config:/etc/xdg"
export XDG_DATA_DIRS="/opt/deskbay/look/share:/usr/local/share:/usr/share"
export GTK2_RC_FILES=/opt/deskbay/look/gtkrc-2.0
export XCURSOR_THEME=Adwaita XCURSOR_SIZE=24
export XENVIRONMENT=/opt/deskbay/look/xterm.resources
# The file system is used as it is, and nobody waits for services that no sandbox has.
export GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix NO_AT_BRIDGE=1 GTK_A11Y=none
