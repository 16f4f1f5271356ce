package io.smartagent.kubernetes.yaml;

import java.io.IOException;
import java.io.InputStream;

/**
 * Splits a stream at the lines that YAML ends a document with, so that one that cannot be parsed
 * does not take those behind it along. YAML 1.2.2, 9.1.4: no scalar may contain such a line; and no
 * text of JSON contains a line break.
 */
final class DocumentSplitter {

  /**
   * How long a value may be, in bytes. The API server takes no object beyond 3 MiB: MaxRequestBytes
   * of k8s.io/apiserver.
   */
  static final int VALUE_LIMIT = 4 << 20;

  private static final int BUFFER_SIZE = 1 << 16;
  private static final int SNIFFED = 4096;

  private final InputStream input;
  private final ManifestSink sink;
  private final byte[] buffer = new byte[BUFFER_SIZE];
  private int position;
  private int limit;
  private boolean atEnd;

  private int line = 1;
  private boolean atLineStart = true;
  private boolean ended;
  private boolean endsWithLine;
  private boolean content;
  private int sinceEvent;
  private boolean openBrace;
  private int templateLine;

  DocumentSplitter(InputStream input, ManifestSink sink) {
    this.input = input;
    this.sink = sink;
    this.ended = true;
  }

  /**
   * Goes to the next document, past whatever is left of this one.
   *
   * @return false at the end of the stream
   */
  boolean next() throws IOException {
    byte[] rest = new byte[BUFFER_SIZE];
    while (!ended && read(rest, 0, rest.length, false) >= 0) {
      // Skipped.
    }
    if (!ensure(1)) {
      return false;
    }
    skipByteOrderMark();
    ended = false;
    endsWithLine = false;
    content = false;
    atLineStart = true;
    openBrace = false;
    templateLine = 0;
    sinceEvent = 0;
    return true;
  }

  private void skipByteOrderMark() throws IOException {
    if (ensure(3)
        && buffer[position] == (byte) 0xEF
        && buffer[position + 1] == (byte) 0xBB
        && buffer[position + 2] == (byte) 0xBF) {
      position += 3;
    }
  }

  /** Returns how many lines precede this document; valid before it is read. */
  int linesBefore() {
    return line - 1;
  }

  /** Returns the line of this document that first has two braces; 0 where none had so far. */
  int templateLine() {
    return templateLine;
  }

  /** Takes that a value has ended. */
  void eventFound() {
    sinceEvent = 0;
  }

  /** Returns what kind of file the document is where it is no text; empty where it may be one. */
  String binaryKind() throws IOException {
    ensure(SNIFFED);
    int available = Math.min(SNIFFED, limit - position);
    if (startsWith(0x1F, 0x8B)) {
      return "gzip";
    }
    if (startsWith('P', 'K', 3, 4)) {
      return "zip";
    }
    if (startsWith(0x7F, 'E', 'L', 'F')) {
      return "ELF";
    }
    if (startsWith(0xFF, 0xFE) || startsWith(0xFE, 0xFF)) {
      return "UTF-16";
    }
    for (int i = 0; i < available; i++) {
      if (buffer[position + i] == 0) {
        return "binary";
      }
    }
    return "";
  }

  private boolean startsWith(int... magic) throws IOException {
    if (!ensure(magic.length)) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (buffer[position + i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether the document is JSON: an object whose first field has a name in quotes, or none
   * at all. What is before it, blanks and the line that begins a document, is skipped then.
   */
  boolean skipToJson() throws IOException {
    ensure(SNIFFED);
    int at = position;
    if (isMarker('-')) {
      at += 3;
    }
    at = skipBlanks(at);
    int brace = at;
    if (at >= limit || buffer[at] != '{') {
      return false;
    }
    at = skipBlanks(at + 1);
    if (at >= limit || (buffer[at] != '"' && buffer[at] != '}')) {
      return false;
    }
    while (position < brace) {
      if (buffer[position++] == '\n') {
        line++;
      }
    }
    content = true;
    atLineStart = false;
    return true;
  }

  private int skipBlanks(int from) {
    int at = from;
    while (at < limit
        && (buffer[at] == ' ' || buffer[at] == '\t' || buffer[at] == '\r' || buffer[at] == '\n')) {
      at++;
    }
    return at;
  }

  /** Returns this document, from where it was read to. */
  InputStream document() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return length == 0 ? 0 : DocumentSplitter.this.read(bytes, offset, length, true);
      }
    };
  }

  private int read(byte[] bytes, int offset, int length, boolean limited) throws IOException {
    if (ended) {
      return -1;
    }
    int count = 0;
    while (count < length && !ended) {
      if (position == limit && (count > 0 || !ensure(1))) {
        ended = count == 0;
        break;
      }
      if (atLineStart) {
        beginLine();
        if (ended) {
          break;
        }
      }
      count += copyLine(bytes, offset + count, length - count);
    }
    sinceEvent += count;
    if (limited && sinceEvent > VALUE_LIMIT) {
      throw new InvalidManifest(
          line,
          "A value that ends here or later is longer than " + (VALUE_LIMIT >> 20) + " MB.",
          "Remove it: the API server accepts no object of that size.");
    }
    return count == 0 ? -1 : count;
  }

  private void beginLine() throws IOException {
    ensure(4);
    if (isMarker('-')) {
      ended = content;
    } else if (isMarker('.')) {
      endsWithLine = true;
    } else {
      byte first = buffer[position];
      content |= first != '#' && first != '%' && first != '\n' && first != '\r';
    }
    atLineStart = ended;
  }

  /** Copies up to the end of the line, or less. */
  private int copyLine(byte[] bytes, int offset, int length) {
    int end = Math.min(limit, position + length);
    int count = 0;
    while (position < end) {
      byte found = buffer[position++];
      bytes[offset + count++] = found;
      if (found == '\n') {
        line++;
        atLineStart = true;
        openBrace = false;
        ended = endsWithLine;
        break;
      }
      if (found == '{' && openBrace && templateLine == 0) {
        templateLine = line;
      }
      openBrace = found == '{';
    }
    return count;
  }

  /** Returns whether three of {@code mark} are here, followed by a blank or nothing. */
  private boolean isMarker(int mark) throws IOException {
    if (!ensure(3)
        || buffer[position] != mark
        || buffer[position + 1] != mark
        || buffer[position + 2] != mark) {
      return false;
    }
    if (!ensure(4)) {
      return true;
    }
    byte behind = buffer[position + 3];
    return behind == ' ' || behind == '\t' || behind == '\n' || behind == '\r';
  }

  /** Reads until {@code count} bytes are there, and returns whether they are. */
  private boolean ensure(int count) throws IOException {
    if (limit - position >= count) {
      return true;
    }
    if (atEnd) {
      return false;
    }
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    limit -= position;
    position = 0;
    while (limit < count) {
      int read = input.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        atEnd = true;
        return false;
      }
      sink.progress(read);
      limit += read;
    }
    return true;
  }
}
