echo ready >"$XDG_RUNTIME_DIR/ready"
