echo ready >"$XDG_RUNTIME_DIR/ready"
# A browser that was closed comes back; one that can't start isn't started for ever.
page="file:///opt/deskbay/browser/start.html"
while sh /opt/deskbay/look/chromium.sh --start-maximized "$page"; do :; done
openbox --exit
