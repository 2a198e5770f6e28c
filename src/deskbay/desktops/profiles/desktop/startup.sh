echo ready >"$XDG_RUNTIME_DIR/started"
tint2 &
pcmanfm --desktop &
