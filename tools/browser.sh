#!/bin/sh
# Makes sure that the browser tests have a Chromium and a Chinese font, from the system's packages.
for name in chromium chromium-browser chromium-headless-shell google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    if { apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk; } \
        >"$log" 2>&1; then
        rm -f "$log"
        exit 0
    fi
    tail -n 3 "$log"
fi
echo "Browser tests are skipped: install chromium and fonts-noto-cjk to run them."
