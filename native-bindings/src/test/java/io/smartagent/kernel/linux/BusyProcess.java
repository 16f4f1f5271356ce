package io.smartagent.kernel.linux;

import io.smartagent.kernel.capability.CapabilitySet;
import io.smartagent.kernel.capability.ThreadCapabilities;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A JVM with threads that compute, allocate, sleep, wait in system calls and start others, which
 * takes every capability from all of them and looks in /proc whether it has.
 */
final class BusyProcess {

  private static final int THREADS_OF_A_KIND = 2;

  private BusyProcess() {}

  /** Prints {@code ok}, or what is wrong. */
  public static void main(String[] arguments) throws Exception {
    LinuxKernel kernel = new LinuxKernel();
    CountDownLatch running = new CountDownLatch(4 * THREADS_OF_A_KIND + 1);
    for (int i = 0; i < THREADS_OF_A_KIND; i++) {
      start(running, BusyProcess::compute);
      start(running, BusyProcess::allocate);
      start(running, () -> new CountDownLatch(1).await());
      start(running, () -> new ProcessBuilder("sleep", "60").start().waitFor());
    }
    start(running, BusyProcess::startOthers);
    running.await();
    ThreadCapabilities before = kernel.capabilities().read();

    kernel.capabilities().takeFromEveryOtherThread();

    List<String> wrong = new ArrayList<>(othersWithCapabilities(before.permitted()));
    ThreadCapabilities own = kernel.capabilities().read();
    if (!own.permitted().equals(before.permitted()) || before.permitted().isEmpty()) {
      wrong.add("the caller's permitted set is " + own.permitted());
    }
    if (!own.effective().equals(CapabilitySet.NONE)) {
      wrong.add("the caller's effective set is " + own.effective());
    }
    System.gc();
    compileSomething();
    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
    System.out.println(wrong.isEmpty() ? "ok" : String.join("\n", wrong));
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  private static void start(CountDownLatch running, ThrowAwayThread.Body body) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          running.countDown();
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void compute() {
    long sum = 0;
    while (sum != 1) {
      sum = sum * 31 + 2;
    }
  }

  private static void allocate() {
    for (long i = 0; i >= 0; i++) {
      byte[] garbage = new byte[64 * 1024];
      garbage[(int) (i % garbage.length)] = 1;
    }
  }

  private static void startOthers() throws InterruptedException {
    while (!Thread.interrupted()) {
      Thread.ofPlatform().daemon().start(() -> {}).join();
    }
  }

  /** The handler is gone by now: whoever still comes out of it has to find its code. */
  private static void compileSomething() {
    long sum = 0;
    for (int i = 0; i < 100_000; i++) {
      sum += Integer.toString(i).hashCode();
    }
    if (sum == 42) {
      System.out.println(sum);
    }
  }

  private static List<String> othersWithCapabilities(CapabilitySet permitted) throws Exception {
    List<String> found = new ArrayList<>();
    String self = Path.of("/proc/thread-self").toRealPath().getFileName().toString();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path thread : threads) {
        boolean own = thread.getFileName().toString().equals(self);
        String ownPermitted = "CapPrm:\t%016x".formatted(permitted.bits());
        try {
          Files.readString(thread.resolve("status"))
              .lines()
              .filter(line -> line.matches("Cap(Eff|Prm|Inh|Amb):\t(?!0{16}).*"))
              .filter(line -> !(own && line.equals(ownPermitted)))
              .forEach(line -> found.add(thread + " " + line));
        } catch (IOException ended) {
          // A thread that has ended has no capabilities.
        }
      }
    }
    return found;
  }
}
