# Run inside a container that is not ours: carries bytes between the input and output of the engine's exec, and a port.
# Whichever side ends, nothing of it is left. `cat` is killed as it does not look whether its input has ended.
if command -v bash >/dev/null; then
    exec bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" || exit
        (cat >&3; kill $$) <&0 >/dev/null 2>&1 &
        exec cat <&3' "$1"
fi
exec busybox nc 127.0.0.1 "$1"
