"""A process that does to a node agent what a hostile tenant would. Says "ready" when all is done, ends with its input."""
import ctypes
import os
import resource
import socket
import subprocess
import sys
import threading

directory = os.fsencode(sys.argv[1])
descriptors = int(sys.argv[2])
FORGED = b'\n{"time":"2026-03-01T10:15:30Z","module":"host-events","type":"OOMKilling","forged":true}\n'

# A name with a line break, commas and what is not UTF-8.
ctypes.CDLL(None).prctl(15, b"a\n,}\xff)R 1 (", 0, 0, 0)

# As many descriptors as it may have, for writing, of logs with names that would be lines of their own.
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
wanted = min(descriptors + 64, hard)
resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
names = [b"x%d.log" % i for i in range(50)] + [b"forged" + FORGED.replace(b"/", b"_") + b".log", b"\xff\xfe.log", b"a,b\tc.log"]
opened = [os.open(os.path.join(directory, name), os.O_WRONLY | os.O_CREAT | os.O_APPEND) for name in names]
for each in opened:
    os.write(each, FORGED * 3 + b"\xff\x00\xfe\n")
os.mkfifo(os.path.join(directory, b"fifo.log"))
opened.append(os.open(os.path.join(directory, b"fifo.log"), os.O_RDWR))
os.symlink(b"/etc/shadow", os.path.join(directory, b"shadow.log"))
while len(opened) < wanted - 64:
    opened.append(os.dup(opened[len(opened) % 53]))

# Listens on many ports.
sockets = []
for _ in range(40):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    sockets.append(listener)

# Whoever writes to the kernel's log may write this, too.
try:
    with open("/dev/kmsg", "wb", buffering=0) as log:
        log.write(b"<0>Out of memory: Killed process 1 (forged) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n")
except OSError:
    pass

ending = threading.Event()


def vanish():
    """Processes that are gone before anybody has looked at them, with command lines that would be lines of their own."""
    while not ending.is_set():
        subprocess.run([b"/bin/true", FORGED, b"--password=hunter2hunter2", b"\xff\xfe"], check=False)


threading.Thread(target=vanish, daemon=True).start()
print("ready", len(opened), flush=True)
sys.stdin.read()
ending.set()
