"""Mounts a tmpfs and many bind mounts in it, as kubelet's volumes are. Usage: many-mounts.py DIRECTORY COUNT"""

import ctypes
import os
import sys

MS_BIND = 1 << 12
MS_PRIVATE = 1 << 18

libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind, flags):
    if libc.mount(source.encode(), target.encode(), kind, flags, None):
        sys.exit(f"{target}: {os.strerror(ctypes.get_errno())}")


top = sys.argv[1]
mount("many", top, b"tmpfs", 0)
mount("none", top, None, MS_PRIVATE)
source = f"{top}/source"
os.mkdir(source)
for number in range(int(sys.argv[2])):
    volume = f"{top}/{number:08x}-6ab0-4b4d-9d5e-0c3b1d0a8f11/volumes/kubernetes.io~projected/kube-api-access"
    os.makedirs(volume)
    mount(source, volume, None, MS_BIND)
