package io.smartagent.kernel.linux;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a message of rtnetlink(7): each has a length, a type and a value, and starts at
 * a multiple of four. One that does not fit ends them.
 */
final class RouteAttributes {

  private static final int HEADER = 4;

  /** The two uppermost bits are flags: NLA_F_NESTED, NLA_F_NET_BYTEORDER. */
  private static final int TYPE_MASK = 0x3fff;

  private final ByteBuffer content;

  /**
   * @param content nothing but attributes, in the machine's byte order
   */
  RouteAttributes(ByteBuffer content) {
    this.content = content;
  }

  /** Returns the attribute's value; null where it is not there. */
  @Nullable ByteBuffer find(int type) {
    int end = content.limit();
    int at = content.position();
    while (end - at >= HEADER) {
      int length = Short.toUnsignedInt(content.getShort(at));
      if (length < HEADER || length > end - at) {
        return null;
      }
      if ((content.getShort(at + 2) & TYPE_MASK) == type) {
        return content.slice(at + HEADER, length - HEADER).order(content.order());
      }
      at += (length + 3) & ~3;
    }
    return null;
  }

  boolean has(int type) {
    return find(type) != null;
  }

  /** Returns a number of 32 bits, or of 8. */
  int number(int type, int otherwise) {
    ByteBuffer value = find(type);
    if (value == null || value.remaining() == 0) {
      return otherwise;
    }
    return value.remaining() >= Integer.BYTES ? value.getInt(0) : Byte.toUnsignedInt(value.get(0));
  }

  /** Returns text, which ends with NUL or with the value. */
  @Nullable String text(int type) {
    byte[] bytes = bytes(type);
    if (bytes == null) {
      return null;
    }
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  byte @Nullable [] bytes(int type) {
    ByteBuffer value = find(type);
    if (value == null) {
      return null;
    }
    byte[] bytes = new byte[value.remaining()];
    value.get(bytes);
    return bytes;
  }

  @Nullable RouteAttributes nested(int type) {
    ByteBuffer value = find(type);
    return value == null ? null : new RouteAttributes(value);
  }
}
