"""Runs bench-torch.py on a device of PyTorch's.

Usage: gpu-torch.py cpu|cuda tf32|float32 BENCH-TORCH.PY ITS-ARGUMENTS...
"""
import os
import runpy
import sys

import torch

device, precision, script = sys.argv[1:4]
if device != "cpu":
    torch.set_default_device(device)
torch.backends.cudnn.allow_tf32 = precision == "tf32"
torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
torch.backends.cudnn.benchmark = True
sys.argv = [script, *sys.argv[4:]]
if sys.argv[4] == "0":
    sys.argv[4] = str(os.cpu_count())
runpy.run_path(script, run_name="__main__")
