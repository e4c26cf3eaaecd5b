#!/bin/sh
# Gets Chromium for the tests of an app's pages, and prints where it is: the one on PATH, or else Debian's without its
# windows, unpacked into .cache/chromium with a library that playwright's driver needs. Nothing is installed.
set -eu
cd "$(dirname "$0")/.."

there=.cache/chromium
starter=$PWD/$there/chromium

runs() {
    "$1" --headless --no-sandbox --disable-gpu --dump-dom about:blank 2>/dev/null | grep -q '<html>'
}

for name in chromium chromium-browser google-chrome; do
    if found=$(command -v "$name") && runs "$found"; then
        echo "$found"
        exit
    fi
done
if [ ! -x "$starter" ] || ! runs "$starter"; then
    echo "unpacking Chromium (once, about a quarter of a minute) ..." >&2
    sh tools/unpack_debs.sh "$there" chromium-headless-shell chromium-common fonts-dejavu-core libatomic1
    # Its libraries and fonts lie where no program would look for them.
    cat >"$starter" <<'END_OF_STARTER'
#!/bin/sh
here=$(dirname "$0")
for folder in "$here"/usr/lib/*-linux-gnu "$here"/lib/*-linux-gnu "$here"/usr/lib/*-linux-gnu/pulseaudio; do
    LD_LIBRARY_PATH=$folder:${LD_LIBRARY_PATH:-}
done
export LD_LIBRARY_PATH XDG_DATA_HOME="$here/usr/share"
[ ! -e "$here/etc/fonts/fonts.conf" ] || export FONTCONFIG_FILE="$here/etc/fonts/fonts.conf"
exec "$here/usr/lib/chromium/chromium-headless-shell" "$@"
END_OF_STARTER
    chmod +x "$starter"
    if ! runs "$starter"; then
        echo "Chromium was unpacked, but doesn't run here. Install it, so that chromium is on PATH, and try again." >&2
        exit 1
    fi
fi
echo "$starter"
