#!/bin/sh
# Makes the environments that the Makefile's recipes run in; quick if they stand already.
#
#   tools/setup.sh app     .venv with outgrow and what a generated app needs (for the demo)
#   tools/setup.sh dev     the same and everything that tests and checks need
#   tools/setup.sh sa20    .venv-sa20: a generated app's needs, drivers and checks on SQLAlchemy 2.0, without outgrow
#
# A stamp in each says what it was made from: pyproject.toml, the place of the checkout, the Python.
set -eu
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then
    echo "outgrow needs Python 3.11 or newer, and there is no $python. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "outgrow needs Python 3.11 or newer; $python is $("$python" -V 2>&1)." >&2
    echo "Install a newer one and say where it is: make PYTHON=/path/to/python3.11 ..." >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python can't make environments: its venv module is missing." >&2
    echo "On Debian or Ubuntu: sudo apt-get install python3-venv (or python$version-venv)" >&2
    exit 1
fi

key=$("$python" - <<'END'
import hashlib, os, pathlib, sys
text = pathlib.Path("pyproject.toml").read_bytes() + os.getcwd().encode() + sys.version.encode()
print(hashlib.sha256(text).hexdigest()[:16])
END
)

# make_environment FOLDER STAMP REQUIREMENT...
make_environment() {
    folder=$1 stamp=$1/made-from-$2-$key
    shift 2
    if [ -e "$stamp" ]; then
        return
    fi
    echo "setting up $folder (once, about half a minute) ..." >&2
    if ! ls "$folder"/made-from-*-"$key" >/dev/null 2>&1; then
        "$python" -m venv --clear "$folder"
    fi
    "$folder/bin/python" -m pip install -qq --disable-pip-version-check "$@"
    touch "$stamp"
}

case ${1:-} in
    app) [ -e ".venv/made-from-dev-$key" ] || make_environment .venv app --editable '.[app]' ;;
    dev)
        make_environment .venv dev --editable '.[dev]'
        sh tests/module/get_php.sh >/dev/null 2>&1 || echo "no PHP could be unpacked: five tests that run one are skipped" >&2
        ;;
    sa20)
        # One requirement per line, as some hold blanks or signs that a shell would read.
        requirements=$("$python" - <<'END'
import pathlib, tomllib
extras = tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
print("\n".join([*extras["app"], *extras["app-dev"], *extras["mysql"], *extras["postgres"], "SQLAlchemy<2.1"]))
END
        )
        IFS='
'
        # shellcheck disable=SC2086  # split at the line ends, on purpose
        make_environment .venv-sa20 sa20-drivers $requirements
        ;;
    *)
        echo "usage: tools/setup.sh app | dev | sa20" >&2
        exit 2
        ;;
esac
