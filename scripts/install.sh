#!/usr/bin/env bash
# Make the virtual environment $1 and install exactly what requirements.txt pins.
set -euo pipefail
venv=$1

good() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

python=""
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
  if good "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "scdyn needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python make app" >&2
  exit 1
fi

# Debian and Ubuntu leave venv out of their python3.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if command -v apt-get >/dev/null; then
    sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -q && $sudo apt-get install -y -q python3-venv
  else
    echo "This Python has no venv module: install it, then run the command again" >&2
    exit 1
  fi
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install -q --disable-pip-version-check -r requirements.txt
"$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
