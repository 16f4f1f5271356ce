package io.smartagent.kernel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.smartagent.kernel.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SystemCallsTest {

  /** A real-time signal that nobody uses, EveryThread neither. */
  private static final int SIGNAL = 61;

  private final SystemCalls calls = new SystemCalls();

  @Test
  void returnsTheNegativeErrorNumber() {
    assertThat(calls.raw(SystemCall.CLOSE, -1)).isEqualTo(-Errno.EBADF.number());
    assertThat(calls.raw(SystemCall.GETPID)).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void takesNothingThatIsNoArgument() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> calls.raw(SystemCall.CLOSE, 1.5))
        .withMessage("no argument of a system call: 1.5");
  }

  @Test
  void endsEveryTextWithNul() {
    Memory text = SystemCalls.text("ü");
    assertThat(text.getByteArray(0, (int) text.size())).containsExactly(0xc3, 0xbc, 0);
    assertThat(SystemCalls.text("").size()).isEqualTo(1);
  }

  /** A handler without SA_RESTART makes read(2) fail with EINTR, which is nobody's business. */
  @Test
  void goesOnAfterASignal(@TempDir Path directory) throws Exception {
    String fifo = directory.resolve("fifo").toString();
    Program.run("mkfifo", fifo);
    LinuxKernel kernel = new LinuxKernel();
    AtomicLong reader = new AtomicLong();
    handle(handlerThatDoesNothing());
    CompletableFuture<String> content =
        CompletableFuture.supplyAsync(() -> {
          reader.set(calls.raw(SystemCall.GETTID));
          long file = calls.raw(SystemCall.OPENAT, SystemCalls.AT_FDCWD, fifo, 02000000, 0);
          try (Memory buffer = new Memory(100)) {
            long count = calls.raw(SystemCall.READ, file, buffer, 100);
            calls.raw(SystemCall.CLOSE, file);
            return count < 0
                ? "errno " + -count
                : new String(buffer.getByteArray(0, (int) count), StandardCharsets.UTF_8);
          }
        });
    await().atMost(5, TimeUnit.SECONDS).until(() -> reader.get() != 0);
    try {
      interruptSystemCall(reader.get(), SystemCall.OPENAT);
      try (var writer = Files.newOutputStream(Path.of(fifo))) {
        interruptSystemCall(reader.get(), SystemCall.READ);
        writer.write("content".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(content.get(5, TimeUnit.SECONDS)).isEqualTo("content");
    } finally {
      handle(1);
    }
    assertThat(kernel.credentials().users()).isNotNull();
  }

  /** Waits until the thread is in the call, interrupts it, and waits until it is in it again. */
  private void interruptSystemCall(long thread, SystemCall call) throws Exception {
    Path current = Path.of("/proc/self/task/" + thread + "/syscall");
    String number = call.number(calls.architecture()) + " ";
    await().atMost(5, TimeUnit.SECONDS).until(() -> Files.readString(current).startsWith(number));
    long process = calls.raw(SystemCall.GETPID);
    assertThat(calls.raw(SystemCall.TGKILL, process, thread, SIGNAL)).isZero();
    Path status = Path.of("/proc/self/task/" + thread + "/status");
    await()
        .atMost(5, TimeUnit.SECONDS)
        .until(() -> Files.readString(status).contains("SigPnd:\t0000000000000000"));
  }

  private long handlerThatDoesNothing() {
    long page = calls.raw(SystemCall.MMAP, 0, 4096, 3, 0x22, -1, 0);
    byte[] code =
        calls
            .architecture()
            .systemCallWithTwoPointers(SystemCall.GETPID.number(calls.architecture()), 0, 0);
    new Pointer(page).write(0, code, 0, code.length);
    calls.raw(SystemCall.MPROTECT, page, 4096, 5);
    return page;
  }

  private static void handle(long handler) {
    try (Memory action = SystemCalls.zeroed(152)) {
      action.setLong(0, handler);
      Object[] arguments = {SIGNAL, action, Pointer.NULL};
      assertThat(SystemCalls.libc("sigaction").invokeInt(arguments)).isZero();
    }
  }
}
