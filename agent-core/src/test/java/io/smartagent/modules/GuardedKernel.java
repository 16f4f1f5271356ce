package io.smartagent.modules;

import io.smartagent.kernel.Kernel;
import io.smartagent.kernel.file.Filesystem;
import io.smartagent.kernel.log.KernelLog;
import io.smartagent.kernel.net.Network;
import io.smartagent.kernel.process.Namespaces;
import io.smartagent.needs.HostAccess;
import io.smartagent.needs.Socket;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** A kernel that notes what is opened of the host and is not among what a source needs. */
final class GuardedKernel {

  private final Kernel kernel;
  private final String root;
  private final HostAccess allowed;
  private final Set<String> violations = new ConcurrentSkipListSet<>();

  /**
   * @param root of the host
   * @param allowed what the module's source says that it opens
   */
  GuardedKernel(Kernel kernel, String root, HostAccess allowed) {
    this.kernel = kernel;
    this.root = root;
    this.allowed = allowed;
  }

  Set<String> violations() {
    return violations;
  }

  Kernel kernel() {
    return guarded(Kernel.class, kernel);
  }

  private <T> T guarded(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(target, method, arguments)));
  }

  private Object call(Object target, Method method, Object[] arguments) throws Throwable {
    check(method, arguments);
    try {
      Object result = method.invoke(target, arguments);
      return isSeam(method.getReturnType()) ? guarded(method.getReturnType(), result) : result;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean isSeam(Class<?> type) {
    return type == Filesystem.class
        || type == KernelLog.class
        || type == Network.class
        || type == Namespaces.class;
  }

  private void check(Method method, Object[] arguments) {
    Class<?> seam = method.getDeclaringClass();
    String name = method.getName();
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String path) {
      String onHost = path.startsWith(root) ? path.substring(root.length()) : path;
      // The root itself is opened to resolve paths below it.
      note(onHost.length() < 2 || allowed.covers(onHost), onHost);
    } else if (seam == KernelLog.class) {
      note(allowed.systemCalls().contains("syslog"), "syslog(2)");
    } else if (seam == Namespaces.class && name.equals("enterNetworkNamespace")) {
      note(allowed.systemCalls().contains("setns"), "setns(2)");
    } else if (seam == Network.class && name.equals("openRoute")) {
      note(mayOpen("NETLINK_ROUTE"), "NETLINK_ROUTE");
    } else if (seam == Network.class && name.equals("openProcessEvents")) {
      note(mayOpen("NETLINK_CONNECTOR"), "NETLINK_CONNECTOR");
    }
  }

  private boolean mayOpen(String protocol) {
    return allowed.sockets().contains(new Socket("AF_NETLINK", protocol));
  }

  private void note(boolean isAllowed, String what) {
    if (!isAllowed) {
      violations.add(what);
    }
  }
}
