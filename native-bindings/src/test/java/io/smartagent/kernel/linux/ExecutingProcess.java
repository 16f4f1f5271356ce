package io.smartagent.kernel.linux;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A JVM that becomes cat(1) and so shows what it has handed over. */
final class ExecutingProcess {

  static final byte[] NO_UTF8 = {(byte) 0xff, 'x', (byte) 0xc3, (byte) 0x28};

  private ExecutingProcess() {}

  /**
   * Replaces itself.
   *
   * @param arguments the file that cat shall print, and {@code reset} to reset signals first
   */
  public static void main(String[] arguments) throws Exception {
    LinuxKernel kernel = new LinuxKernel();
    List<byte[]> words = List.of(NO_UTF8, bytes(arguments[0]));
    List<byte[]> variables = List.of(bytes("NAME=with = and ü"), bytes("EMPTY="), NO_UTF8);
    Thread.ofPlatform()
        .start(() -> {
          try {
            if (List.of(arguments).contains("reset")) {
              // The mask that counts is that of the thread that executes.
              kernel.signals().unblockAll();
              kernel.signals().stopIgnoring();
              kernel.execution().setUmask(037);
            }
            kernel.execution().execute("/bin/cat", words, variables);
          } catch (io.smartagent.kernel.ErrnoException e) {
            System.out.println(e.getMessage());
          }
        })
        .join();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
