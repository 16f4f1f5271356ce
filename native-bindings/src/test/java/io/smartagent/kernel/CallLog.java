package io.smartagent.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link RecordingKernel} was asked to do, and what it shall refuse. */
final class CallLog {

  private final List<String> calls = new ArrayList<>();
  private final Map<String, Errno> failures = new LinkedHashMap<>();

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized void forget() {
    calls.clear();
  }

  synchronized void failOn(String callPrefix, Errno errno) {
    failures.put(callPrefix, errno);
  }

  synchronized void succeedOn(String callPrefix) {
    failures.remove(callPrefix);
  }

  /** A call that changes nothing: fails where the test wants it to. */
  synchronized void read(String call) throws ErrnoException {
    for (Map.Entry<String, Errno> failure : failures.entrySet()) {
      if (call.startsWith(failure.getKey())) {
        throw new ErrnoException(call, failure.getValue());
      }
    }
  }

  /** A call that changes something: what {@code effect} does, where nothing refuses it. */
  synchronized void change(String call, Effect effect) throws ErrnoException {
    try {
      read(call);
      effect.apply();
    } catch (Refusal refusal) {
      calls.add(call + ": " + refusal.errno);
      throw new ErrnoException(call, refusal.errno);
    } catch (ErrnoException e) {
      calls.add(call + ": " + e.errno());
      throw e;
    }
    calls.add(call);
  }

  /** What a call does to the kernel's state. */
  @FunctionalInterface
  interface Effect {
    void apply() throws Refusal, ErrnoException;
  }

  /** Why the kernel's own rules forbid a call, before it has a subject to complain about. */
  static final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Errno errno;

    Refusal(Errno errno) {
      this.errno = errno;
    }
  }
}
