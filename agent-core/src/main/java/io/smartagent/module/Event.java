package io.smartagent.module;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Something that happened, as a module reports it. Immutable. */
public final class Event {

  private final EventType type;
  private final Instant time;
  private final EventOwner owner;
  private final String subject;
  private final String summary;
  private final boolean historical;
  private final boolean update;
  private final long count;
  private final Map<String, @Nullable Object> attributes;

  private Event(Builder builder) {
    this.type = builder.type;
    this.time = builder.time;
    this.owner = builder.owner;
    this.subject = builder.subject;
    this.summary = builder.summary;
    this.historical = builder.historical;
    this.update = builder.update;
    this.count = builder.count;
    this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(builder.attributes));
  }

  /**
   * Starts an event.
   *
   * @param time when it happened
   */
  public static Builder of(EventType type, Instant time) {
    return new Builder(type, time);
  }

  /** Returns what has happened. */
  public EventType type() {
    return type;
  }

  /** Returns when it happened. */
  public Instant time() {
    return time;
  }

  /** Returns the container and pod that it concerns. */
  public EventOwner owner() {
    return owner;
  }

  /** Returns what of its owner or host it happened to: events with the same one are alike. */
  public String subject() {
    return subject;
  }

  /** Returns what happened, in a sentence; empty where the attributes say all. */
  public String summary() {
    return summary;
  }

  /** Returns whether it had happened before the module started to look. */
  public boolean historical() {
    return historical;
  }

  /** Returns whether it has been reported before, and still lasts. */
  public boolean update() {
    return update;
  }

  /** Returns how often it happened, at least 1. */
  public long count() {
    return count;
  }

  /**
   * Returns everything else by name, in the order in which it is printed: text, numbers, booleans,
   * null, lists and maps of these.
   */
  public Map<String, @Nullable Object> attributes() {
    return attributes;
  }

  /** Returns this event with one more attribute, the last one. */
  public Event with(String name, @Nullable Object value) {
    return toBuilder(type, time).put(name, value).build();
  }

  /** Returns an event of another type and time that is the same otherwise. */
  public Event as(EventType otherType, Instant otherTime) {
    return toBuilder(otherType, otherTime).build();
  }

  /** Returns the event of further ones that are alike. */
  public Event repeated(Instant lastAt, long times) {
    return toBuilder(type, lastAt).count(times).build();
  }

  private Builder toBuilder(EventType newType, Instant newTime) {
    Builder builder = new Builder(newType, newTime);
    builder.owner = owner;
    builder.subject = subject;
    builder.summary = summary;
    builder.historical = historical;
    builder.update = update;
    builder.count = count;
    builder.attributes.putAll(attributes);
    return builder;
  }

  @Override
  public String toString() {
    return type + " " + attributes;
  }

  /** An event in the making. Attributes are printed in the order of the calls. */
  public static final class Builder {

    private final EventType type;
    private final Instant time;
    private EventOwner owner = EventOwner.HOST;
    private String subject = "";
    private String summary = "";
    private boolean historical;
    private boolean update;
    private long count = 1;
    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();

    private Builder(EventType type, Instant time) {
      this.type = type;
      this.time = time;
    }

    /** Adds an attribute. */
    public Builder put(String name, @Nullable Object value) {
      attributes.put(name, value);
      return this;
    }

    /** Adds attributes. */
    public Builder putAll(Map<String, @Nullable Object> more) {
      attributes.putAll(more);
      return this;
    }

    /** Adds the attributes of the container and pod that it concerns. */
    public Builder owner(EventOwner newOwner) {
      owner = newOwner;
      return putAll(newOwner.attributes());
    }

    /** Adds the attribute {@code historical}. */
    public Builder historical(boolean newHistorical) {
      historical = newHistorical;
      return put("historical", newHistorical);
    }

    /** Adds the attribute {@code update}. */
    public Builder update(boolean newUpdate) {
      update = newUpdate;
      return put("update", newUpdate);
    }

    /** Adds the attribute {@code count}. */
    public Builder count(long newCount) {
      count = newCount;
      return put("count", newCount);
    }

    /** Sets what it happened to; what is null is unknown. Not printed. */
    public Builder subject(@Nullable Object... parts) {
      subject =
          Arrays.stream(parts)
              .filter(Objects::nonNull)
              .map(String::valueOf)
              .collect(Collectors.joining(" "));
      return this;
    }

    /** Sets what happened, in a sentence. Not printed. */
    public Builder summary(String sentence) {
      summary = sentence;
      return this;
    }

    /** Returns the event. */
    public Event build() {
      return new Event(this);
    }
  }
}
