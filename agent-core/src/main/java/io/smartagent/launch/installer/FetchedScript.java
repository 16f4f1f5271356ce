package io.smartagent.launch.installer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A script in a file of the container that is unlinked: only this process has it; it survives the
 * change of root, and vanishes with the process whatever happens.
 */
public final class FetchedScript implements AutoCloseable {

  /** Where a container can write although its root file system is read-only. */
  private static final List<String> PLACES = List.of("/dev/shm", "/tmp");

  /** As much as the kernel reads of a program to find out what it is: BINPRM_BUF_SIZE. */
  private static final int HEAD = 256;

  private final FileChannel content;
  private String sha256 = "";

  private FetchedScript(FileChannel content) {
    this.content = content;
  }

  /**
   * Returns an empty one.
   *
   * @throws IOException where there is no place for it
   */
  static FetchedScript empty() throws IOException {
    IOException failure = new IOException("there is no writable /dev/shm or /tmp");
    for (String place : PLACES) {
      try {
        Path file = Files.createTempFile(Path.of(place), "smartagent-", null);
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(file);
        return new FetchedScript(channel);
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
    throw failure;
  }

  /** Returns where what is fetched is written. */
  FileChannel content() {
    return content;
  }

  /** Forgets what was written. */
  void clear() throws IOException {
    content.truncate(0);
    content.position(0);
  }

  /** Marks it as complete. */
  void complete(String digest) {
    sha256 = digest;
  }

  /** Returns the SHA-256 of all that was fetched, in hexadecimal, in lower case. */
  public String sha256() {
    return sha256;
  }

  /** Returns how many bytes it has. */
  public long size() throws IOException {
    return content.size();
  }

  /** Returns its first bytes, at most 256. */
  public byte[] head() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD);
    while (head.hasRemaining() && content.read(head, head.position()) > 0) {
      // More may come.
    }
    byte[] bytes = new byte[head.position()];
    head.flip().get(bytes);
    return bytes;
  }

  /** Writes all of it to another file. */
  public void copyTo(FileChannel target) throws IOException {
    long done = 0;
    while (done < content.size()) {
      done += content.transferTo(done, content.size() - done, target);
    }
  }

  @Override
  public void close() {
    try {
      content.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
