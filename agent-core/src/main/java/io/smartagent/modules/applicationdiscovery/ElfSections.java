package io.smartagent.modules.applicationdiscovery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds a section of an executable by its name: elf(5). The file may say anything of itself. */
final class ElfSections {

  private static final int HEADER = 64;
  private static final int SECTIONS_AT_MOST = 1024;
  private static final int NAMES_AT_MOST = 65_536;

  private final Source file;
  private final boolean wide;
  private final ByteBuffer headers;
  private final int headerSize;
  private final ByteBuffer names;

  /** Where bytes are read from. */
  @FunctionalInterface
  interface Source {
    /** Returns the bytes at {@code offset}, fewer where the file ends. */
    byte[] read(long offset, int length) throws IOException;
  }

  private ElfSections(
      Source file, boolean wide, ByteBuffer headers, int headerSize, ByteBuffer names) {
    this.file = file;
    this.wide = wide;
    this.headers = headers;
    this.headerSize = headerSize;
    this.names = names;
  }

  /** Returns the sections of a file; null where it is no ELF file or has none. */
  static @Nullable ElfSections of(Source file) throws IOException {
    byte[] start = file.read(0, HEADER);
    if (start.length < HEADER
        || start[0] != 0x7f
        || start[1] != 'E'
        || start[2] != 'L'
        || start[3] != 'F') {
      return null;
    }
    boolean wide = start[4] == 2;
    ByteOrder order = start[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    ByteBuffer header = ByteBuffer.wrap(start).order(order);
    long offset = wide ? header.getLong(40) : Integer.toUnsignedLong(header.getInt(32));
    int size = Short.toUnsignedInt(header.getShort(wide ? 58 : 46));
    int count = Short.toUnsignedInt(header.getShort(wide ? 60 : 48));
    int nameIndex = Short.toUnsignedInt(header.getShort(wide ? 62 : 50));
    if (offset <= 0
        || size < (wide ? 64 : 40)
        || size > 256
        || count > SECTIONS_AT_MOST
        || nameIndex >= count) {
      return null;
    }
    byte[] table = file.read(offset, size * count);
    ByteBuffer headers = ByteBuffer.wrap(table).order(order);
    if (table.length < size * count) {
      return null;
    }
    ElfSections unnamed = new ElfSections(file, wide, headers, size, ByteBuffer.allocate(0));
    byte[] names = unnamed.content(nameIndex, NAMES_AT_MOST);
    return new ElfSections(file, wide, headers, size, ByteBuffer.wrap(names));
  }

  /** Returns the start of the section with this name; null where there is none. */
  byte @Nullable [] find(String name, int limit) throws IOException {
    for (int i = 0; i < headers.capacity() / headerSize; i++) {
      if (isCalled(headers.getInt(i * headerSize), name)) {
        return content(i, limit);
      }
    }
    return null;
  }

  private boolean isCalled(int at, String name) {
    byte[] expected = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    if (at < 0 || at > names.capacity() - expected.length) {
      return false;
    }
    byte[] actual = new byte[expected.length];
    names.get(at, actual);
    return java.util.Arrays.equals(actual, expected);
  }

  private byte[] content(int index, int limit) throws IOException {
    int at = index * headerSize;
    long offset = wide ? headers.getLong(at + 24) : Integer.toUnsignedLong(headers.getInt(at + 16));
    long size = wide ? headers.getLong(at + 32) : Integer.toUnsignedLong(headers.getInt(at + 20));
    return offset < 0 || size < 0 ? new byte[0] : file.read(offset, (int) Math.min(size, limit));
  }
}
