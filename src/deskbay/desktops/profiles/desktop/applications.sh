# Every installed application that wants to be seen, as an openbox menu. The first entry of a name hides later ones.
find $(echo "$XDG_DATA_DIRS" | tr : '\n' | sed 's,$,/applications,') -maxdepth 1 -name '*.desktop' 2>/dev/null |
    awk -F/ '!seen[$NF]++' |
    xargs -r -d '\n' awk '
        function escaped(text) {
            gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/"/, "\\&quot;", text)
            return text
        }
        function flush() {
            if (name != "" && command != "" && !hidden)
                printf "%s\t<item label=\"%s\"><action name=\"Execute\"><command>%s</command></action></item>\n", tolower(name), escaped(name), escaped(command)
            name = command = ""; hidden = 0
        }
        FNR == 1 { flush() }
        /^\[/ { main = ($0 == "[Desktop Entry]") }
        !main { next }
        /^Name=/ { name = substr($0, 6) }
        /^Exec=/ { command = substr($0, 6); gsub(/ *%[a-zA-Z]/, "", command) }
        /^(NoDisplay|Hidden|Terminal)=true/ { hidden = 1 }
        /^(OnlyShowIn)=/ { hidden = 1 }
        /^Type=/ && $0 != "Type=Application" { hidden = 1 }
        END { flush() }' |
    sort | cut -f2- | { echo '<openbox_pipe_menu>'; cat; echo '</openbox_pipe_menu>'; }
