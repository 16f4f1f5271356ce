package io.smartagent.modules.kernellog;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a kernel stack as the kernel prints them, the innermost first: {@code
 * function+0xoffset/0xsize [module]}. What comes before that, an address or its placeholder {@code
 * [<0>]}, is left out: it tells nothing, or too much.
 */
public final class StackFrames {

  /** The most frames of one stack: what a task waits for is among the innermost ones. */
  public static final int MOST = 32;

  private static final Pattern FRAME =
      Pattern.compile(
          " *(?:\\[ *<[0-9a-f]{1,16}>\\] *)?(\\? )?"
              + "([\\w.$:]{1,200}\\+0x[0-9a-f]{1,8}/0x[0-9a-f]{1,8}(?: \\[[\\w-]{1,64}[^\\]]{0,80}\\])?)"
              + "(?: \\([A-Z]{1,4}\\))? *");

  private static final Pattern UNSURE = Pattern.compile(" *(?:\\[ *<[0-9a-f]{1,16}>\\] *)?\\? .*");

  private StackFrames() {}

  /**
   * Returns the frame that a line shows; null where it shows none, or one that the kernel itself
   * doubts: it writes a question mark before what may be left over from an earlier call.
   */
  public static @Nullable String parse(String line) {
    Matcher matcher = FRAME.matcher(line);
    return matcher.matches() && matcher.group(1) == null ? matcher.group(2) : null;
  }

  /** Returns whether the line is a frame of a stack, believed or doubted. */
  static boolean isFrame(String line) {
    return UNSURE.matcher(line).matches() || FRAME.matcher(line).matches();
  }

  /** Returns the frames of /proc/PID/stack, {@link #MOST} at most: proc_pid_stack(5). */
  public static List<String> ofFile(String text) {
    List<String> frames = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String frame = parse(line);
      if (frame != null && frames.size() < MOST) {
        frames.add(frame);
      }
    }
    return List.copyOf(frames);
  }
}
