echo ready >"$READY"
tint2 -c "$PROFILES/desktop/tint2rc" &
pcmanfm --profile deskbay --desktop &
