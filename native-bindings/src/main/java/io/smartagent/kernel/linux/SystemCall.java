package io.smartagent.kernel.linux;

/**
 * System calls with their numbers on each architecture: arch/x86 and scripts/ syscall.tbl of Linux.
 */
enum SystemCall {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  MMAP(9, 222),
  MPROTECT(10, 226),
  MUNMAP(11, 215),
  RT_SIGACTION(13, 134),
  RT_SIGPROCMASK(14, 135),
  GETPID(39, 172),
  SOCKET(41, 198),
  SENDTO(44, 206),
  RECVFROM(45, 207),
  BIND(49, 200),
  SETSOCKOPT(54, 208),
  EXECVE(59, 221),
  WAIT4(61, 260),
  KILL(62, 129),
  FCNTL(72, 25),
  FLOCK(73, 32),
  CHDIR(80, 49),
  FCHMOD(91, 52),
  UMASK(95, 166),
  SYSLOG(103, 116),
  GETGROUPS(115, 158),
  SETGROUPS(116, 159),
  SETRESUID(117, 147),
  GETRESUID(118, 148),
  SETRESGID(119, 149),
  GETRESGID(120, 150),
  CAPGET(125, 90),
  CAPSET(126, 91),
  FSTATFS(138, 44),
  PIVOT_ROOT(155, 41),
  PRCTL(157, 167),
  CHROOT(161, 51),
  MOUNT(165, 40),
  UMOUNT2(166, 39),
  GETTID(186, 178),
  SETXATTR(188, 5),
  GETXATTR(191, 8),
  GETDENTS64(217, 61),
  TGKILL(234, 131),
  WAITID(247, 95),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  FCHOWNAT(260, 54),
  NEWFSTATAT(262, 79),
  UNLINKAT(263, 35),
  RENAMEAT(264, 38),
  READLINKAT(267, 78),
  PPOLL(271, 73),
  UNSHARE(272, 97),
  PIPE2(293, 59),
  PERF_EVENT_OPEN(298, 241),
  PRLIMIT64(302, 261),
  SETNS(308, 268),
  BPF(321, 280),
  STATX(332, 291),
  OPEN_TREE(428, 428),
  MOVE_MOUNT(429, 429),
  CLOSE_RANGE(436, 436),
  OPENAT2(437, 437),
  MOUNT_SETATTR(442, 442),
  LANDLOCK_CREATE_RULESET(444, 444),
  LANDLOCK_ADD_RULE(445, 445),
  LANDLOCK_RESTRICT_SELF(446, 446);

  private final int x8664;
  private final int aarch64;

  SystemCall(int x8664, int aarch64) {
    this.x8664 = x8664;
    this.aarch64 = aarch64;
  }

  /** Returns the number on {@code architecture}. */
  long number(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> x8664;
      case AARCH64 -> aarch64;
    };
  }
}
