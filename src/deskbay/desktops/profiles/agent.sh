# Keep the agent running beside the session.
[ -r /run/deskbay/token ] || exit 0
export PYTHONPATH=/opt/deskbay-agent PYTHONNODEBUGRANGES=1
export MALLOC_ARENA_MAX=1 MALLOC_TOP_PAD_=4096 MALLOC_TRIM_THRESHOLD_=16384 # little memory, and one place for it
sleep 2 # the first picture comes first
pause=1
while :; do
    /usr/bin/python3 -s -m deskbay.agent run && exit
    sleep "$pause"
    [ "$pause" -ge 60 ] || pause=$((pause * 2))
done
