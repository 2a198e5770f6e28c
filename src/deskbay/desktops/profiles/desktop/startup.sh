echo ready >"$XDG_RUNTIME_DIR/ready"
tint2 -c /opt/deskbay/desktop/tint2rc &
pcmanfm --profile deskbay --desktop &
