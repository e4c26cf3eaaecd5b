#!/bin/sh
# Gets wrk for `make bench-app`, and prints where it is: the one on PATH, or else Debian's, unpacked into .cache/wrk.
set -eu
cd "$(dirname "$0")/.."

if found=$(command -v wrk); then
    echo "$found"
    exit
fi
there=.cache/wrk
[ -x "$there/usr/bin/wrk" ] || sh tools/unpack_debs.sh "$there" wrk
for folder in "$PWD/$there"/usr/lib/*-linux-gnu; do
    LD_LIBRARY_PATH=$folder:${LD_LIBRARY_PATH:-}
done
# Its libraries lie where no program would look for them.
printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec "%s" "$@"\n' "${LD_LIBRARY_PATH:-}" "$PWD/$there/usr/bin/wrk" >"$there/wrk"
chmod +x "$there/wrk"
echo "$PWD/$there/wrk"
