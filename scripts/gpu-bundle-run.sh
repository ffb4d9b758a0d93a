#!/bin/sh
# Parity and speed of training through WebGPU on this machine's GPU; --help lists the options. Needs Linux with glibc 2.34 and a Vulkan driver.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
exec "$here/node" "$here/app/server/src/bench/gpu-check.js" "$@"
