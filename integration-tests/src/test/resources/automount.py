"""Mounts an autofs, as an automounter does, that nobody answers for. Usage: automount.py DIRECTORY

Says "mounted", waits for the end of standard input, and says "triggered" where somebody has looked at what it would
have mounted, else "quiet". autofs(5) of the kernel: Documentation/filesystems/autofs.rst.
"""

import ctypes
import os
import select
import sys

MNT_DETACH = 2

libc = ctypes.CDLL(None, use_errno=True)
place = sys.argv[1].encode()
requests, kernels = os.pipe()
options = f"fd={kernels},pgrp={os.getpgrp()},minproto=5,maxproto=5,direct"
if libc.mount(b"automount", place, b"autofs", 0, options.encode()):
    sys.exit(os.strerror(ctypes.get_errno()))
os.close(kernels)
print("mounted", flush=True)
sys.stdin.read()
print("triggered" if select.select([requests], [], [], 0)[0] else "quiet", flush=True)
if libc.umount2(place, MNT_DETACH):
    sys.exit(os.strerror(ctypes.get_errno()))
