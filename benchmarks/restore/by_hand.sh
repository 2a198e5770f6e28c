# The floor: by_hand.sh WORK starts the five programs at once, each in a session of its own, as a desktop's menu does: the
# kernel shares a busy processor between sessions.
cd "$1" || exit
setsid xterm &
setsid mousepad letter.txt &
setsid pcmanfm "$1" &
setsid libreoffice --writer --norestore --nologo "$1/report.fodt" &
setsid $CHROMIUM "file://$1/one.html" "file://$1/two.html" "file://$1/three.html" &
