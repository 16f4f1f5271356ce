package io.smartagent.telemetry;

import io.smartagent.module.Event;
import io.smartagent.module.Severity;
import io.smartagent.text.TextLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Events for a person at a terminal. What is worth attention is a line; what was found at the
 * start, processes that end at once, and whatever comes faster than it can be read are counted, and
 * the counts are printed. An event that is not printed is always in a count.
 */
final class EventDigest implements EventFormat {

  private static final String STARTED = "ApplicationStarted";
  private static final String FOUND = "Found";

  /** How long an application has to run to be worth a line: a health check does not. */
  private static final long LASTING = Duration.ofSeconds(3).toNanos();

  /** After this time without a find, the first look of a module is over. */
  private static final long QUIET = Duration.ofSeconds(2).toNanos();

  /** The longest time that what is found is not printed. */
  private static final long MAX_LOOK = Duration.ofSeconds(10).toNanos();

  /** Every module has begun its first look by then, on a busy machine too. */
  private static final long START = Duration.ofSeconds(60).toNanos();

  /** For this time lines are limited and what is not printed is counted. */
  private static final long INTERVAL = Duration.ofSeconds(10).toNanos();

  private static final int LINES_OF_TYPE = 6;

  /** So that a program that is started again and again does not hide the others. */
  private static final int LINES_OF_APPLICATION = 2;

  /** How many lines may be about faults from before the start, which the kernel's log still has. */
  private static final int HISTORICAL_LINES = 5;

  /** How many applications may have just started; of more of them each is counted at once. */
  private static final int MAX_PENDING = 256;

  private static final String ALL_OF_THEM = ". All of them: --events json";

  /** What is left of a line behind the time. */
  private static final int MAX_WIDTH = TextLines.WIDTH - "16:21:39  ".length();

  private static final String AMONG_THEM = "Among them: ";

  /** How many of the applications that were found are considered for that line. */
  private static final int MAX_NAMED = 32;

  /**
   * An application that has not run for {@link #LASTING} yet.
   *
   * @param start the event
   * @param due when its line is printed
   */
  private record Pending(Event start, long due) {

    /** Returns the start of what {@code later} describes. */
    Event of(Event later) {
      return later.as(start.type(), start.time());
    }
  }

  private final EventText text;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final long startEnds;

  /** What was found and is not printed yet, and when that began. */
  private final Map<String, Long> found = new TreeMap<>();

  private final Set<String> named = new LinkedHashSet<>();
  private final Set<String> foundBefore = new HashSet<>();
  private long foundFirst;
  private long foundLast;

  private final Map<Object, Pending> pending = new LinkedHashMap<>();

  /** Of this interval; by type, and lines also by type and application. */
  private final Map<String, Long> counted = new LinkedHashMap<>();

  private final Map<String, Integer> printed = new HashMap<>();
  private long intervalEnds;
  private int historical;
  private boolean hintPrinted;

  /** Those that are to be printed now. */
  private final List<String> lines = new ArrayList<>();

  /**
   * @param clock what the time is
   * @param nanos as {@link System#nanoTime}
   */
  EventDigest(EventText text, InstantSource clock, LongSupplier nanos) {
    this.text = text;
    this.clock = clock;
    this.nanos = nanos;
    this.startEnds = nanos.getAsLong() + START;
  }

  /** Returns one for the terminal of this process. */
  static EventDigest ofThisProcess() {
    return new EventDigest(
        new EventText(ZoneId.systemDefault()), InstantSource.system(), System::nanoTime);
  }

  @Override
  public byte[] accept(String module, Event event) {
    if (event.type().severity() != Severity.INFO) {
      fault(event);
    } else {
      switch (event.type().name()) {
        case "ApplicationFound", "ContainerFound" -> found(event);
        case STARTED -> started(event);
        case "ApplicationChanged" -> changed(event);
        case "ApplicationPortsChanged" -> portsChanged(event);
        case "ApplicationEnded" -> ended(event);
        case "ProcessVanished" -> count(event.type().name());
        default -> {
          if (isOfFirstLook(event.type().name())) {
            found(event);
          } else {
            print(event, event.type().name(), line(event));
          }
        }
      }
    }
    return takeLines();
  }

  /** What is found later has just come to be. */
  private boolean isOfFirstLook(String type) {
    return type.endsWith(FOUND) && !foundBefore.contains(type) && nanos.getAsLong() - startEnds < 0;
  }

  private String line(Event event) {
    return text.line(event, clock.instant());
  }

  private void fault(Event event) {
    boolean past = event.historical();
    if (past && historical >= HISTORICAL_LINES) {
      count(event.type().name());
    } else {
      historical += past ? 1 : 0;
      lines.add(line(event));
    }
  }

  private void found(Event event) {
    foundLast = nanos.getAsLong();
    if (found.isEmpty()) {
      foundFirst = foundLast;
    }
    found.merge(event.type().name(), 1L, Long::sum);
    if (event.attributes().get("product") != null && named.size() < MAX_NAMED) {
      named.add(EventText.application(event.attributes()));
    }
  }

  private void started(Event event) {
    Object pid = event.attributes().get("pid");
    if (pid == null || pending.containsKey(pid) || pending.size() >= MAX_PENDING) {
      count(STARTED);
    } else {
      long due = nanos.getAsLong() + LASTING;
      pending.put(pid, new Pending(event, due));
    }
  }

  /** A start that waits for its line is of the program that is executed now. */
  private void changed(Event event) {
    Object pid = event.attributes().get("pid");
    Pending started = pid == null ? null : pending.get(pid);
    if (started == null) {
      print(event, event.type().name(), line(event));
    } else {
      pending.put(pid, new Pending(started.of(event), started.due()));
    }
  }

  /** The first ports of an application that has just started are part of its line. */
  private void portsChanged(Event event) {
    Pending started = pending.remove(event.attributes().get("pid"));
    if (started == null) {
      print(event, event.type().name(), line(event));
    } else {
      printStart(started.of(event));
    }
  }

  private void ended(Event event) {
    if (pending.remove(event.attributes().get("pid")) != null) {
      count(STARTED);
      count(event.type().name());
    } else if (isBrief(event)) {
      count(event.type().name());
    } else {
      print(event, event.type().name(), line(event));
    }
  }

  private static boolean isBrief(Event event) {
    try {
      Instant started = Instant.parse(String.valueOf(event.attributes().get("startedAt")));
      Duration lived = Duration.between(started, event.time());
      // Negative where the clock was set back meanwhile.
      return !lived.isNegative() && lived.compareTo(Duration.ofNanos(LASTING)) < 0;
    } catch (DateTimeParseException unknown) {
      return false;
    }
  }

  private static String applicationOf(Event event) {
    Object product = event.attributes().get("product");
    return String.valueOf(product == null ? event.attributes().get("name") : product);
  }

  /** With the time of its line, which is behind others by now: times only increase. */
  private void printStart(Event event) {
    print(event, STARTED, line(event.as(event.type(), clock.instant())));
  }

  /** Prints a line, or counts it where there were too many. */
  private void print(Event event, String type, String line) {
    String application = applicationOf(event);
    boolean named = !application.equals("null");
    if ((named && isTooMany(type + '/' + application, LINES_OF_APPLICATION))
        || isTooMany(type, LINES_OF_TYPE)) {
      count(type);
    } else {
      lines.add(line);
    }
  }

  private boolean isTooMany(String what, int limit) {
    beginInterval();
    return printed.merge(what, 1, Integer::sum) > limit;
  }

  private void count(String type) {
    beginInterval();
    counted.merge(type, 1L, Long::sum);
  }

  private boolean isInterval() {
    return !printed.isEmpty() || !counted.isEmpty();
  }

  private void beginInterval() {
    if (!isInterval()) {
      intervalEnds = nanos.getAsLong() + INTERVAL;
    }
  }

  @Override
  public long nanosUntilDue() {
    long due = NEVER;
    long now = nanos.getAsLong();
    if (!found.isEmpty()) {
      due = foundDue() - now;
    }
    if (!pending.isEmpty()) {
      // They are in the order in which they are due.
      due = Math.min(due, pending.values().iterator().next().due() - now);
    }
    return isInterval() ? Math.min(due, intervalEnds - now) : due;
  }

  private long foundDue() {
    return Math.min(foundFirst + MAX_LOOK, foundLast + QUIET);
  }

  @Override
  public byte[] due() {
    long now = nanos.getAsLong();
    if (!found.isEmpty() && now - foundDue() >= 0) {
      printFound();
    }
    Iterator<Pending> applications = pending.values().iterator();
    while (applications.hasNext()) {
      Pending application = applications.next();
      if (now - application.due() < 0) {
        break;
      }
      applications.remove();
      printStart(application.start());
    }
    if (isInterval() && now - intervalEnds >= 0) {
      printCounted();
    }
    return takeLines();
  }

  @Override
  public byte[] end() {
    if (!found.isEmpty()) {
      printFound();
    }
    for (int i = pending.size(); i > 0; i--) {
      count(STARTED);
    }
    pending.clear();
    printCounted();
    return takeLines();
  }

  private void printFound() {
    StringBuilder line = new StringBuilder("Found: ");
    String separator = "";
    for (Map.Entry<String, Long> each : found.entrySet()) {
      String type = each.getKey();
      String what = type.substring(0, type.length() - FOUND.length());
      line.append(separator).append(EventWords.counted(each.getValue(), what));
      separator = ", ";
    }
    lines.add(lineOf(line.toString()));
    if (!named.isEmpty()) {
      lines.add(lineOf(namedThatFit()));
    }
    foundBefore.addAll(found.keySet());
    found.clear();
    named.clear();
  }

  private String namedThatFit() {
    StringBuilder line = new StringBuilder(AMONG_THEM);
    for (String name : named) {
      String separator = line.length() == AMONG_THEM.length() ? "" : ", ";
      if (line.length() + separator.length() + name.length() <= MAX_WIDTH) {
        line.append(separator).append(name);
      }
    }
    return line.toString();
  }

  private void printCounted() {
    if (!counted.isEmpty()) {
      lines.add(lineOf(countsThatFit()));
    }
    counted.clear();
    printed.clear();
  }

  /** The counts are more important than how to see all of them, which is printed once. */
  private String countsThatFit() {
    long all = 0;
    for (long count : counted.values()) {
      all += count;
    }
    List<Map.Entry<String, Long>> types = new ArrayList<>(counted.entrySet());
    types.sort(Map.Entry.<String, Long>comparingByValue().reversed());
    StringBuilder line = new StringBuilder().append(all).append(" more: ");
    long others = all;
    for (Map.Entry<String, Long> each : types) {
      long count = each.getValue();
      String phrase = (others == all ? "" : ", ") + EventWords.counted(count, each.getKey());
      String rest = others == count ? "" : others(others);
      if (line.length() + phrase.length() + rest.length() > MAX_WIDTH) {
        break;
      }
      line.append(phrase);
      others -= count;
    }
    if (others > 0) {
      line.append(others(others));
    }
    if (hintPrinted || line.length() + ALL_OF_THEM.length() > MAX_WIDTH) {
      return line.toString();
    }
    hintPrinted = true;
    return line + ALL_OF_THEM;
  }

  private static String others(long count) {
    return " and " + count + " others";
  }

  private String lineOf(String words) {
    Instant now = clock.instant();
    return text.line(now, now, words);
  }

  private byte[] takeLines() {
    if (lines.isEmpty()) {
      return NOTHING;
    }
    byte[] taken = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    lines.clear();
    return taken;
  }
}
