#!/usr/bin/env bash
# Make sure that there is a Chromium for the browser tests of the environment $1.
set -euo pipefail
venv=$1

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null && "$name" --version >/dev/null 2>&1; then exit 0; fi
done
[ -n "${SCDYN_CHROMIUM:-}" ] && exit 0
own='from playwright.sync_api import sync_playwright as p
import pathlib, sys
with p() as play:
    sys.exit(not pathlib.Path(play.chromium.executable_path).exists())'
"$venv/bin/python" -c "$own" && exit 0

sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
if [ -r /etc/os-release ] && grep -qx 'ID=debian' /etc/os-release; then
  $sudo apt-get update -q && $sudo apt-get install -y -q chromium
elif [ "$(uname)" = Linux ]; then
  "$venv/bin/playwright" install --with-deps chromium
else
  "$venv/bin/playwright" install chromium
fi
