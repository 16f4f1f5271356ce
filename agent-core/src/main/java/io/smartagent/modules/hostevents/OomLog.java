package io.smartagent.modules.hostevents;

import io.smartagent.limit.BoundedMap;
import io.smartagent.modules.cgroup.CgroupOwner;
import io.smartagent.modules.hostevents.KernelReport.OomKill;
import io.smartagent.modules.kernellog.KernelLogLine;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What mm/oom_kill.c and mm/memcontrol.c write, of Linux 3.10 to 6.18. The several lines of one
 * kill become one report.
 */
final class OomLog implements LogReader {

  private static final String COMM = Sentence.COMM;

  private static final Pattern INVOKED =
      Pattern.compile(".{0,15} invoked oom-killer: .*", Pattern.DOTALL);

  /** Before 5.0. */
  private static final Pattern TASK_IN =
      Pattern.compile("Task in (.*?) killed as a result of limit of (.*)", Pattern.DOTALL);

  /** From 5.0 on. The first place that leaves a possible name is where the path ends. */
  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "oom-kill:constraint=CONSTRAINT_(NONE|CPUSET|MEMORY_POLICY|MEMCG),.*?(?:,oom_memcg=(.*?)|,global_oom)?"
              + ",task_memcg=(.*?),task="
              + COMM
              + ",pid=(\\d{1,9}),uid=(\\d{1,10})",
          Pattern.DOTALL);

  /** Before 5.3: the choice, from which a child may still be sacrificed in its place. */
  private static final Pattern CHOSEN =
      Pattern.compile(
          "(Memory cgroup out of memory|Out of memory)(?: \\([a-z_]{1,40}\\))?: Kill process"
              + " (\\d{1,9}) \\("
              + COMM
              + "\\) score .*",
          Pattern.DOTALL);

  private static final Pattern MEMORY_LIMIT =
      Pattern.compile("memory: usage \\d+kB, limit (\\d{1,18})kB, failcnt \\d+");

  private static final Pattern GROUP_KILL =
      Pattern.compile(
          "Tasks in (.*) are going to be killed due to memory\\.oom\\.group set", Pattern.DOTALL);

  private static final Pattern KILLED =
      Pattern.compile(
          "(?:(Memory cgroup out of memory|Out of memory)(?: \\([a-z_]{1,40}\\))?: )?"
              + "Killed process (\\d{1,9}) \\("
              + COMM
              + "\\),?(?: UID:? ?(\\d{1,10}),)? total-vm:(\\d{1,15})kB, anon-rss:(\\d{1,15})kB,.*",
          Pattern.DOTALL);

  private static final Pattern UID_AFTER = Pattern.compile(", UID:(\\d{1,10}) ");

  /** The tables of memory and tasks between the sentences: without a meaning of their own. */
  private static final Pattern TABLE =
      Pattern.compile(
          "Tasks state .*|\\[ *pid *\\] .*|\\[ *\\d{1,9}\\] +\\d+ +\\d+ .*|[a-z_]{1,40} \\d{1,20}"
              + "|(?:memory\\+swap|kmem|swap): usage .*|Memory cgroup stats for .*",
          Pattern.DOTALL);

  /** The kernel's "no limit": a page counter's maximum, which depends on the page size. */
  private static final long UNLIMITED_KB = 1L << 52;

  /** The first victim of a group kill is announced twice, and so may be one that dies slowly. */
  private static final long SAME_KILL_MICROSECONDS = 60_000_000;

  /** Every process of a group is killed in one loop, and all of them share the lines before. */
  private static final long GROUP_KILL_MICROSECONDS = 2_000_000;

  private static final int KILLS_REMEMBERED = 256;

  private OomContext context = OomContext.EMPTY;
  private final Map<String, Long> recentKills = BoundedMap.ofNewest(KILLS_REMEMBERED);

  /**
   * What the lines before "Killed process" have said.
   *
   * @param pid of the victim; null where it is not announced
   * @param groupSince when all processes of {@code memoryCgroup} were sentenced; null where one was
   * @param childMayDie whether a child may be killed in the victim's place: before 5.3
   */
  private record OomContext(
      @Nullable OomScope constraint,
      @Nullable String exhausted,
      @Nullable String memoryCgroup,
      @Nullable Long limitBytes,
      @Nullable Integer pid,
      @Nullable Long uid,
      @Nullable Long groupSince,
      boolean childMayDie) {

    static final OomContext EMPTY = new OomContext(null, null, null, null, null, null, null, false);

    OomContext withCgroups(
        @Nullable OomScope newConstraint, @Nullable String newExhausted, @Nullable String victims) {
      return new OomContext(
          newConstraint, newExhausted, victims, limitBytes, pid, uid, groupSince, childMayDie);
    }

    OomContext withLimit(@Nullable Long bytes) {
      return new OomContext(
          constraint, exhausted, memoryCgroup, bytes, pid, uid, groupSince, childMayDie);
    }

    OomContext withVictim(
        @Nullable Integer newPid, @Nullable Long newUid, @Nullable Long newGroupSince) {
      return new OomContext(
          constraint, exhausted, memoryCgroup, limitBytes, newPid, newUid, newGroupSince, false);
    }

    OomContext withChildren() {
      return new OomContext(
          constraint, exhausted, memoryCgroup, limitBytes, pid, uid, groupSince, true);
    }
  }

  private final List<Sentence> sentences =
      List.of(
          new Sentence(KILLED, this::killed),
          new Sentence(INVOKED, this::invoked),
          new Sentence(TASK_IN, this::taskIn),
          new Sentence(CONSTRAINT, this::constraint),
          new Sentence(MEMORY_LIMIT, this::memoryLimit),
          new Sentence(GROUP_KILL, this::groupKill),
          new Sentence(CHOSEN, this::chosen),
          new Sentence(TABLE, (line, match, reports) -> {}));

  @Override
  public boolean read(KernelLogLine line, Consumer<KernelReport> reports) {
    return Sentence.read(sentences, line, reports);
  }

  /** Nothing is held back: what is missing of a kill came before its decisive line. */
  @Override
  public void end(Consumer<KernelReport> reports) {}

  private void invoked(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    context = OomContext.EMPTY;
  }

  private void taskIn(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    String exhausted = match.group(2);
    context =
        OomContext.EMPTY.withCgroups(
            OomScope.of(CgroupOwner.ofPath(exhausted).level()), exhausted, match.group(1));
  }

  private void constraint(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    context =
        context
            .withCgroups(scope(match.group(1), match.group(2)), match.group(2), match.group(3))
            .withVictim(Integer.valueOf(match.group(5)), Long.valueOf(match.group(6)), null);
  }

  private void memoryLimit(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    long limit = Long.parseLong(match.group(1));
    context = context.withLimit(limit < UNLIMITED_KB ? limit * 1024 : null);
  }

  private void groupKill(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    context =
        context
            .withCgroups(context.constraint(), context.exhausted(), match.group(1))
            .withVictim(null, null, line.microseconds());
  }

  private void chosen(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    if (context.pid() != null && context.pid() != Integer.parseInt(match.group(2))) {
      context = OomContext.EMPTY;
    }
    OomScope constraint = context.constraint();
    context =
        context
            .withCgroups(
                constraint != null ? constraint : guess(match.group(1)),
                context.exhausted(),
                context.memoryCgroup())
            .withChildren();
  }

  private static OomScope scope(String constraint, @Nullable String exhausted) {
    return switch (constraint) {
      case "CPUSET" -> OomScope.CPUSET;
      case "MEMORY_POLICY" -> OomScope.MEMORY_POLICY;
      case "MEMCG" ->
          exhausted == null ? OomScope.UNKNOWN : OomScope.of(CgroupOwner.ofPath(exhausted).level());
      default -> OomScope.GLOBAL;
    };
  }

  private void killed(KernelLogLine line, MatchResult match, Consumer<KernelReport> reports) {
    int pid = Integer.parseInt(match.group(2));
    String process = match.group(3);
    OomContext known = context;
    Integer announced = known.pid();
    Long groupSince = known.groupSince();
    if (known.childMayDie()) {
      known = announced != null && announced != pid ? known.withVictim(pid, null, null) : known;
      context = OomContext.EMPTY;
    } else if (announced != null) {
      // The kernel limits the rate of the lines before, not of this one: they may be another's.
      known = announced == pid ? known : OomContext.EMPTY;
    } else if (groupSince == null) {
      context = OomContext.EMPTY;
    } else if (line.microseconds() - groupSince > GROUP_KILL_MICROSECONDS) {
      known = OomContext.EMPTY;
      context = OomContext.EMPTY;
    }
    Long last = recentKills.put(pid + " " + process, line.microseconds());
    if (last != null && line.microseconds() - last < SAME_KILL_MICROSECONDS) {
      return;
    }
    reports.accept(
        new OomKill(
            line.microseconds(),
            pid,
            process,
            uid(match, known),
            known.constraint() != null ? known.constraint() : guess(match.group(1)),
            known.exhausted(),
            known.memoryCgroup(),
            known.exhausted() == null ? null : known.limitBytes(),
            Long.parseLong(match.group(5)) * 1024,
            Long.parseLong(match.group(6)) * 1024));
  }

  private static OomScope guess(@Nullable String prefix) {
    return "Out of memory".equals(prefix) ? OomScope.GLOBAL : OomScope.UNKNOWN;
  }

  private static @Nullable Long uid(MatchResult killed, OomContext known) {
    if (killed.group(4) != null) {
      return Long.valueOf(killed.group(4));
    }
    Matcher after = UID_AFTER.matcher(killed.group());
    after.region(killed.end(6), killed.end());
    return after.find() ? Long.valueOf(after.group(1)) : known.uid();
  }
}
