# The floor: by_hand.sh WORK starts the five programs at once, as one would by hand.
cd "$1" || exit
xterm &
mousepad letter.txt &
pcmanfm "$1" &
libreoffice --writer --norestore --nologo "$1/report.fodt" &
$CHROMIUM "file://$1/one.html" "file://$1/two.html" "file://$1/three.html" &
