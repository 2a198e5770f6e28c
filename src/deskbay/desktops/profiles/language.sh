# Begin in the language of the person, which DESKBAY_LANGUAGE names as BCP 47 does, where it is installed; else as it is.
if [ -n "${DESKBAY_LANGUAGE-}" ]; then
    language=${DESKBAY_LANGUAGE%%-*}
    wanted=$language
    case $DESKBAY_LANGUAGE in *-[A-Z][A-Z]) wanted=${language}_${DESKBAY_LANGUAGE##*-} ;; esac
    installed=$(locale -a 2>/dev/null | grep -i '\.utf-\?8$')
    found=$(printf '%s\n' "$installed" | grep -m 1 -i "^$wanted\.") ||
        found=$(printf '%s\n' "$installed" | grep -m 1 -i "^${language}_")
    if [ -n "$found" ]; then
        export LANG="$found" LANGUAGE="${found%%.*}:$language"
    else
        echo "There is no locale for $DESKBAY_LANGUAGE here. Install locales-all, or have it generated." >&2
    fi
fi
