package io.smartagent.kernel.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What differs between the machines that this program runs on. */
enum Architecture {
  X86_64("x86_64", 0200000, 0400000, 16, 24, 28) {
    @Override
    byte[] systemCallWithTwoPointers(long number, long first, long second) {
      ByteBuffer code = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
      code.put((byte) 0xb8).putInt((int) number); // mov $number, %eax
      code.put((byte) 0x48).put((byte) 0xbf).putLong(first); // movabs $first, %rdi
      code.put((byte) 0x48).put((byte) 0xbe).putLong(second); // movabs $second, %rsi
      code.put((byte) 0x0f).put((byte) 0x05); // syscall
      code.put((byte) 0xc3); // ret
      return code.array();
    }
  },
  AARCH64("aarch64", 040000, 0100000, 20, 16, 24) {
    @Override
    byte[] systemCallWithTwoPointers(long number, long first, long second) {
      ByteBuffer code = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
      code.putInt(0x580000c0); // ldr x0, first
      code.putInt(0x580000e1); // ldr x1, second
      code.putInt(0xd2800008 | (int) number << 5); // mov x8, #number
      code.putInt(0xd4000001); // svc #0
      code.putInt(0xd65f03c0); // ret
      code.putInt(0xd503201f); // nop, so that the pointers are aligned
      code.putLong(first).putLong(second);
      return code.array();
    }
  };

  private final String machine;
  private final int directoryFlag;
  private final int noFollowFlag;
  private final int statLinksOffset;
  private final int statModeOffset;
  private final int statOwnerOffset;

  Architecture(
      String machine,
      int directoryFlag,
      int noFollowFlag,
      int statLinksOffset,
      int statModeOffset,
      int statOwnerOffset) {
    this.machine = machine;
    this.directoryFlag = directoryFlag;
    this.noFollowFlag = noFollowFlag;
    this.statLinksOffset = statLinksOffset;
    this.statModeOffset = statModeOffset;
    this.statOwnerOffset = statOwnerOffset;
  }

  /** Returns the architecture of this JVM. */
  static Architecture current() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default -> throw new IllegalStateException("no system call numbers for machine " + name);
    };
  }

  /** Returns the name that uname(2) has for it. */
  String machine() {
    return machine;
  }

  /** Returns O_DIRECTORY: arm64 exchanges some of fcntl's flags. */
  int directoryFlag() {
    return directoryFlag;
  }

  /** Returns O_NOFOLLOW. */
  int noFollowFlag() {
    return noFollowFlag;
  }

  /** Returns where st_nlink is in struct stat, or its lower half: the kernel counts to 2^32. */
  int statLinksOffset() {
    return statLinksOffset;
  }

  /** Returns where st_mode is in struct stat: arch/x86 and asm-generic order its fields each. */
  int statModeOffset() {
    return statModeOffset;
  }

  /** Returns where st_uid is in struct stat; st_gid follows it. */
  int statOwnerOffset() {
    return statOwnerOffset;
  }

  /**
   * Returns machine code of a function that makes one system call and returns. It touches neither
   * stack nor errno, so any thread may run it as a signal handler at any moment.
   */
  abstract byte[] systemCallWithTwoPointers(long number, long first, long second);
}
