/**
 * Two threads that each load a class which is in no AOT cache, one a moment after the other. Whatever else is
 * used here is in the launcher's and in the agent's.
 */
public final class TwoFirstClasses {

  private static volatile boolean started;
  private static volatile boolean go;

  private TwoFirstClasses() {}

  public static void main(String[] arguments) throws Exception {
    Thread other =
        new Thread("other") {
          @Override
          public void run() {
            started = true;
            while (!go) {
              Thread.onSpinWait();
            }
            // Into the middle of the window that slow-table.c widens to 200 ms.
            for (long end = System.nanoTime() + 50_000_000; System.nanoTime() - end < 0; ) {
              Thread.onSpinWait();
            }
            load("java.util.zip.Adler32");
          }
        };
    other.start();
    while (!started) {
      Thread.onSpinWait();
    }
    go = true;
    load("java.util.zip.CRC32C");
    other.join();
  }

  private static void load(String name) {
    try {
      Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }
}
