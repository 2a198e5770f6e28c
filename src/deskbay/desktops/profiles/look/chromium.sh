# Chromium with its own sandbox on, without first-run pages, and with settings that only one desktop uses at a time.
# Settings whose last desktop was ended still look taken, and Chromium would ask about them: the kernel's lock knows.
settings="$HOME/.config/chromium"
mkdir -p "$settings"
lock="$settings/deskbay.lock"
exec 9>>"$lock"
if flock -n 9; then
    rm -f "$settings"/Singleton*
    cat /etc/machine-id >"$lock"
elif ! cmp -s /etc/machine-id "$lock"; then
    settings="$XDG_RUNTIME_DIR/chromium"
fi
if [ ! -e "$settings/Default/Preferences" ]; then
    mkdir -p "$settings/Default"
    cp /opt/deskbay/look/chromium-preferences.json "$settings/Default/Preferences"
fi
exec chromium --user-data-dir="$settings" --no-first-run --no-default-browser-check --password-store=basic \
    --hide-crash-restore-bubble --disable-search-engine-choice-screen --disable-sync --disable-gpu "$@"
