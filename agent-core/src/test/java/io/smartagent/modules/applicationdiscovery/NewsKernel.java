package io.smartagent.modules.applicationdiscovery;

import io.smartagent.kernel.ErrnoException;
import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.capability.Capabilities;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.linux.LinuxKernel;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.mount.Mounts;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.net.ProcessEvent;
import io.smartagent.kernel.net.ProcessEvents;
import io.smartagent.kernel.net.RouteSocket;
import io.smartagent.kernel.process.Children;
import io.smartagent.kernel.process.Credentials;
import io.smartagent.kernel.process.Descriptors;
import io.smartagent.kernel.process.Execution;
import io.smartagent.kernel.process.Namespaces;
import io.smartagent.kernel.process.ResourceLimits;
import io.smartagent.kernel.process.Signals;
import io.smartagent.kernel.security.Landlock;
import io.smartagent.kernel.security.SecurityState;
import io.smartagent.kernel.security.SyscallProbes;
import io.smartagent.modules.TestModuleContext.Happening;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The real kernel, but for the news of processes: those a test makes up. Records which files are
 * read by path, and lets something happen just after one of them was.
 */
final class NewsKernel implements Kernel {

  private final Kernel real = new LinuxKernel();
  private final Queue<Callable<ProcessEvents.Batch>> batches = new ArrayDeque<>();
  private final Filesystem files =
      (Filesystem)
          Proxy.newProxyInstance(
              Filesystem.class.getClassLoader(), new Class<?>[] {Filesystem.class}, this::access);
  private final Map<String, Happening> after = new HashMap<>();
  final List<String> reads = new ArrayList<>();
  int opened;
  int closed;

  /** Adds what the next poll tells, and what happens just before it. */
  void news(Callable<List<ProcessEvent>> events) {
    batches.add(() -> new ProcessEvents.Batch(events.call(), false));
  }

  /** Has the next poll tell that news were lost. */
  void overrun() {
    batches.add(() -> new ProcessEvents.Batch(List.of(), true));
  }

  /** Lets something happen when a file whose path ends so was read for the first time. */
  void after(String path, Happening happening) {
    after.put(path, happening);
  }

  private @Nullable Object access(Object proxy, Method method, Object[] arguments)
      throws Throwable {
    String path = arguments != null && arguments[0] instanceof String text ? text : "";
    reads.add(path);
    try {
      return method.invoke(real.filesystem(), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } finally {
      for (String each : List.copyOf(after.keySet())) {
        Happening happening = path.endsWith(each) ? after.remove(each) : null;
        if (happening != null) {
          happening.happen();
        }
      }
    }
  }

  @Override
  public Network network() {
    opened++;
    return new Network() {
      @Override
      public ProcessEvents openProcessEvents() {
        return new News();
      }

      @Override
      public RouteSocket openRoute() throws ErrnoException {
        return real.network().openRoute();
      }
    };
  }

  private final class News implements ProcessEvents {

    @Override
    public Batch poll(Duration timeout) {
      Callable<Batch> next = batches.poll();
      try {
        return next == null ? new Batch(List.of(), false) : next.call();
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      closed++;
    }
  }

  @Override
  public Capabilities capabilities() {
    return real.capabilities();
  }

  @Override
  public Credentials credentials() {
    return real.credentials();
  }

  @Override
  public Namespaces namespaces() {
    return real.namespaces();
  }

  @Override
  public Mounts mounts() {
    return real.mounts();
  }

  @Override
  public Filesystem filesystem() {
    return files;
  }

  @Override
  public Descriptors descriptors() {
    return real.descriptors();
  }

  @Override
  public Signals signals() {
    return real.signals();
  }

  @Override
  public ResourceLimits resourceLimits() {
    return real.resourceLimits();
  }

  @Override
  public Execution execution() {
    return real.execution();
  }

  @Override
  public Children children() {
    return real.children();
  }

  @Override
  public SecurityState security() {
    return real.security();
  }

  @Override
  public Landlock landlock() {
    return real.landlock();
  }

  @Override
  public SyscallProbes syscallProbes() {
    return real.syscallProbes();
  }

  @Override
  public KernelLog log() {
    return real.log();
  }
}
